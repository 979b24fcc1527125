import { invalidParameter } from "../../arm/errors.ts";

/** Names that Windows images refuse for the first administrator (Microsoft's FAQ about Windows virtual machines). */
const forbiddenUserNames = new Set(
  (
    "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console david guest " +
    "john owner root server sql support support_388945a0 sys test2 test3 user4 user5"
  ).split(" "),
);

const bannedPasswords = new Set([
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

export function checkComputerName(name: string): void {
  const fail = (why: string): never => {
    throw invalidParameter("computerName", `Windows computer name '${name}' is invalid: ${why}.`);
  };
  if (name.length < 1 || name.length > 15) fail(`it has ${name.length} characters, accepted are 1 to 15`);
  if (/^\d+$/.test(name)) fail("it cannot be all digits");
  if (/[~!@#$%^&*()=+_[\]{}\\|;:.'",<>/?\s]/.test(name)) fail("only letters, digits and '-' are accepted");
  if (name.startsWith("-") || name.endsWith("-")) fail("it cannot start or end with '-'");
}

export function checkUserName(name: string): void {
  if (name.length < 1 || name.length > 20 || name.endsWith(".")) {
    throw invalidParameter(
      "adminUsername",
      `Admin user name '${name}' must have 1 to 20 characters and not end in a period.`,
    );
  }
  if (forbiddenUserNames.has(name.toLowerCase())) {
    throw invalidParameter("adminUsername", `The Admin Username '${name}' is reserved. Choose another one.`);
  }
}

/** The message never holds the password. */
export function checkPassword(password: string): void {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[\W_]/].filter((pattern) => pattern.test(password)).length;
  if (password.length < 8 || password.length > 123) {
    throw invalidParameter("adminPassword", "The supplied password must be between 8-123 characters long.");
  }
  if (classes < 3) {
    throw invalidParameter(
      "adminPassword",
      "The supplied password must satisfy at least 3 of: a lower-case letter, an upper-case letter, a digit, a special character.",
    );
  }
  if (bannedPasswords.has(password)) {
    throw invalidParameter(
      "adminPassword",
      "The supplied password is on the list of common passwords and is not accepted.",
    );
  }
}
