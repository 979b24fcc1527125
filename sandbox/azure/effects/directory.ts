import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Attribute, Change, Client, Control, EqualityFilter, ResultCodeError } from "ldapts";
import type { DomainJoin } from "../arm/resourceType.ts";
import { JoinError } from "./joinError.ts";
import { ownerOf, readSid } from "./securityDescriptor.ts";

export interface DirectoryOptions {
  domain: string;
  domainControllerAddress: string;
  ldapsUrl: string;
  caFile: string;
}

/** What a Windows computer does with the domain controller when it joins, by LDAPS. */
export function domainJoin(options: DirectoryOptions): DomainJoin {
  return {
    domain: options.domain,
    domainControllerAddress: options.domainControllerAddress,
    async createComputer({ computerName, user, password, organizationalUnit }) {
      const client = new Client({
        url: options.ldapsUrl,
        tlsOptions: { ca: [readFileSync(options.caFile)] },
        connectTimeout: 5000,
      });
      try {
        await bind(client, user, password);
        await ensureAccount(client, options.domain, computerName, user, organizationalUnit);
      } finally {
        await client.unbind();
      }
    },
  };
}

async function bind(client: Client, user: string, password: string): Promise<void> {
  try {
    await client.bind(user, password);
  } catch (error) {
    if (error instanceof ResultCodeError && error.code === 49)
      throw new JoinError(1326, "The user name or password is incorrect");
    throw new JoinError(1355, "The specified domain either does not exist or could not be contacted");
  }
}

async function ensureAccount(
  client: Client,
  domain: string,
  computerName: string,
  user: string,
  organizationalUnit: string | undefined,
): Promise<void> {
  const baseDn = domain
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
  const dNSHostName = `${computerName}.${domain}`;
  const existing = await findAccount(client, baseDn, computerName);
  if (existing !== undefined) {
    await refuseForeignAccount(client, baseDn, existing, user);
    await resetAccount(client, existing.dn, dNSHostName);
    return;
  }
  const dn = `CN=${computerName},${organizationalUnit ?? `CN=Computers,${baseDn}`}`;
  try {
    await client.add(dn, [
      new Attribute({ type: "objectClass", values: ["top", "person", "organizationalPerson", "user", "computer"] }),
      new Attribute({ type: "sAMAccountName", values: [`${computerName}$`] }),
      new Attribute({ type: "userAccountControl", values: ["4096"] }),
      new Attribute({ type: "dNSHostName", values: [dNSHostName] }),
      new Attribute({ type: "unicodePwd", values: [machinePassword()] }),
    ]);
  } catch (error) {
    throw asJoinError(error);
  }
}

interface Account {
  dn: string;
  owner: string | undefined;
}

/** `LDAP_SERVER_SD_FLAGS_OID` with OWNER_SECURITY_INFORMATION: an ordinary user may read no more of a descriptor. */
class OwnerOnly extends Control {
  constructor() {
    super("1.2.840.113556.1.4.801", { critical: true });
  }
  protected override writeControl(writer: Parameters<Control["write"]>[0]): void {
    // BER of SEQUENCE { INTEGER 1 } as an octet string.
    writer.writeBuffer(Buffer.from([0x30, 0x03, 0x02, 0x01, 0x01]), 0x04);
  }
}

async function findAccount(client: Client, baseDn: string, computerName: string): Promise<Account | undefined> {
  const { searchEntries } = await client.search(
    baseDn,
    {
      scope: "sub",
      filter: new EqualityFilter({ attribute: "sAMAccountName", value: `${computerName}$` }),
      attributes: ["nTSecurityDescriptor"],
      explicitBufferAttributes: ["nTSecurityDescriptor"],
    },
    new OwnerOnly(),
  );
  const [entry] = searchEntries;
  if (entry === undefined) return undefined;
  const descriptor = entry.nTSecurityDescriptor;
  return { dn: entry.dn, owner: Buffer.isBuffer(descriptor) ? ownerOf(descriptor) : undefined };
}

/** Accounts of domain administrators (512), enterprise administrators (519) and the built-in group (544) may be reused by anyone. */
const trustedOwners = /-(512|519)$|^S-1-5-32-544$/;

/** The hardening of KB5020276: an existing account is reused by its owner, or when an administrator made it. */
async function refuseForeignAccount(client: Client, baseDn: string, account: Account, user: string): Promise<void> {
  const [attribute, value] = user.includes("\\")
    ? ["sAMAccountName", user.split("\\")[1] as string]
    : ["userPrincipalName", user];
  const { searchEntries } = await client.search(baseDn, {
    scope: "sub",
    filter: new EqualityFilter({ attribute: attribute as string, value: value as string }),
    attributes: ["objectSid"],
    explicitBufferAttributes: ["objectSid"],
  });
  const sid = searchEntries[0]?.objectSid;
  const own = Buffer.isBuffer(sid) ? readSid(sid, 0) : undefined;
  if (account.owner !== undefined && (account.owner === own || trustedOwners.test(account.owner))) return;
  throw new JoinError(
    0xaac,
    "An account with the same name exists in Active Directory. Re-using the account was blocked by security policy",
  );
}

async function resetAccount(client: Client, dn: string, dNSHostName: string): Promise<void> {
  const replace = (type: string, values: string[] | Buffer[]) =>
    new Change({ operation: "replace", modification: new Attribute({ type, values }) });
  try {
    await client.modify(dn, [replace("unicodePwd", [machinePassword()]), replace("dNSHostName", [dNSHostName])]);
  } catch (error) {
    throw asJoinError(error);
  }
}

/** The computer's own password: random, known to nobody, because nothing here logs on as the computer. */
function machinePassword(): Buffer {
  return Buffer.from(`"${randomBytes(40).toString("base64")}aA1!"`, "utf16le");
}

function asJoinError(error: unknown): unknown {
  if (!(error instanceof ResultCodeError)) return error;
  switch (error.code) {
    case 50:
      return new JoinError(
        5,
        "Access is denied: the user may not create or change the computer account in the organizational unit",
      );
    case 32:
      return new JoinError(2, "The system cannot find the file specified: the organizational unit does not exist");
    case 53:
      return new JoinError(
        8557,
        "Your computer could not be joined to the domain. You have exceeded the maximum number of computer accounts",
      );
    case 68:
      return new JoinError(2224, "The account already exists");
    default:
      return new JoinError(1359, `An internal error occurred (LDAP result ${error.code})`);
  }
}
