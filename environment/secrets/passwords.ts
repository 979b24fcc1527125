/** Passwords that Azure refuses for the administrator of a virtual machine. */
const banned = new Set([
  "abc@123",
  "P@$$w0rd",
  "P@ssw0rd",
  "P@ssword123",
  "Pa$$word",
  "pass@word1",
  "Password!",
  "Password1",
  "Password22",
  "iloveyou!",
]);

const classes = [/[a-z]/, /[A-Z]/, /\d/, /[\W_]/];

/** What is wrong with the administrator's password by Azure's rules, in words that do not tell the password. */
export function administratorPasswordFault(password: string): string | undefined {
  if (banned.has(password)) return "is one of the passwords that Azure refuses";
  return complexityFault(password, 72);
}

/** What is wrong with a service account's password: complexity as Windows asks, and nothing that XML must escape. */
export function serviceAccountPasswordFault(password: string): string | undefined {
  if (/[&<>"']/.test(password)) return "has a character that breaks the product's configuration files";
  return complexityFault(password, 127);
}

/** What is wrong with a password that somebody else chose: only that it cannot be one. */
export function passwordFault(password: string): string | undefined {
  if (/[\r\n]/.test(password)) return "has a line break";
  return password === "" ? "is empty" : undefined;
}

function complexityFault(password: string, longest: number): string | undefined {
  if (/[\r\n]/.test(password)) return "has a line break";
  if (password.length < 12) return "is shorter than 12 characters";
  if (password.length > longest) return `is longer than ${longest} characters`;
  const kinds = classes.filter((kind) => kind.test(password)).length;
  return kinds < 3 ? "has fewer than three of: lower case, upper case, digits, other characters" : undefined;
}
