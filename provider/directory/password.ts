import { randomInt } from "node:crypto";

/**
 * Signs that meet the complexity rule and mean nothing to XML, .NET configuration, connection strings, PowerShell, cmd or URLs. The
 * product's files must not see `&`; quotes, `<`, `>`, `\`, `$`, `%` and the backtick break one of the others.
 */
const SIGNS = "-_.!*";
const CLASSES = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", SIGNS] as const;
const ALL = CLASSES.join("");
const LENGTH = 32;

/**
 * A random password that meets the complexity rule of Active Directory: all four classes of characters, and not the account's name
 * (which the rule ignores below three characters). About 185 bits of chance.
 */
export function generatePassword(accountName: string): string {
  for (;;) {
    const characters = [...CLASSES.map(pick), ...Array.from({ length: LENGTH - CLASSES.length }, () => pick(ALL))];
    const password = shuffle(characters).join("");
    if (accountName.length < 3 || !password.toLowerCase().includes(accountName.toLowerCase())) return password;
  }
}

function pick(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}

/** Fisher-Yates, so that no position tells the class of its character. */
function shuffle(characters: string[]): string[] {
  for (let last = characters.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [characters[last], characters[other]] = [characters[other] as string, characters[last] as string];
  }
  return characters;
}

/** The form in which the directory takes a password: in quotes, UTF-16 little-endian (MS-ADTS 3.1.1.3.1.5.1). */
export function unicodePwd(password: string): Buffer {
  return Buffer.from(`"${password}"`, "utf16le");
}
