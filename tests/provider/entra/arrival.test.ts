import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connections } from "../../../provider/connections/connections.ts";
import { type Directory, openDirectory } from "../../../provider/connections/ldap.ts";
import type { LifecycleContext } from "../../../provider/engine/definition.ts";
import { arrival } from "../../../provider/entra/definition.ts";
import type { ArrivalInputs } from "../../../provider/entra/schema.ts";
import type { StoredResource } from "../../../sandbox/azure/arm/store.ts";
import { type Synchronised, synchroniseManagedDomain } from "../../../sandbox/azure/effects/managedDomain.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";

/** A tenant with one user and one group, of names that no other test has. */
function tenant() {
  const suffix = randomUUID().slice(0, 8);
  const user = { objectId: randomUUID(), userPrincipalName: `svc-${suffix}@contoso.com` };
  const group = { objectId: randomUUID(), name: `Admins ${suffix}` };
  const stored = (type: string, objectId: string, body: object): StoredResource => ({
    id: `/${objectId}`,
    type: `Microsoft.Graph/${type}`,
    name: objectId,
    body: body as StoredResource["body"],
    etag: "",
    createdAt: "",
    changedAt: "",
    internal: { objectId },
  });
  const resources = [
    stored("users", user.objectId, { ...user, displayName: "x", mailNickname: `svc-${suffix}` }),
    stored("groups", group.objectId, { displayName: group.name }),
    stored("groupMembers", randomUUID(), { groupObjectId: group.objectId, memberObjectId: user.objectId }),
  ];
  const inputs: ArrivalInputs = {
    users: [user],
    groups: [{ ...group, members: [user.userPrincipalName.toUpperCase()] }],
    timeoutMinutes: 2,
    pollSeconds: 0.1,
  };
  return { inputs, resources, user: user.userPrincipalName, group: group.name };
}

describe("the arrival in a managed domain", { timeout: 60_000 }, () => {
  let domain: TestDomain;
  let directory: Directory;
  beforeAll(async () => {
    domain = await startTestDomain();
    directory = await openDirectory(domain.connection());
  });
  afterAll(async () => {
    await directory?.close();
    await domain?.stop();
  });
  const synchronise = (resources: readonly StoredResource[], what?: Synchronised) =>
    synchroniseManagedDomain(resources, { client: domain.admin, baseDn: domain.baseDn }, what);
  /** The context of one operation; `onProgress` is told each status line. */
  const context = (onProgress: (message: string) => void = () => undefined, signal = new AbortController().signal) => {
    const warnings: string[] = [];
    const connections = { directory: async () => directory, configuration: {} } as unknown as Connections;
    const made: LifecycleContext<Connections> = {
      connections,
      urn: "urn:pulumi:dev::test::mfakit:entra:Arrival::a",
      signal,
      now: () => new Date(),
      progress: onProgress,
      warn: (message) => warnings.push(message),
    };
    return { ...made, warnings };
  };

  test("names what is missing at each look, and ends when the last of it is there", async () => {
    const { inputs, resources, user, group } = tenant();
    const said: string[] = [];
    // Each step of the synchronisation comes once the status line names what is still missing.
    const steps: [missing: string, then: Synchronised][] = [
      [`${user}, group ${group} (`, { groups: false }],
      [`: group ${group} (`, { memberships: false }],
      [`: ${user.toUpperCase()} in group ${group} (`, {}],
    ];
    const arriving = arrival.lifecycle.create(
      inputs,
      context((message) => {
        said.push(message);
        const [next] = steps;
        if (next === undefined || !message.includes(next[0])) return;
        steps.shift();
        void synchronise(resources, next[1]);
      }),
    );
    const { outputs } = await arriving;
    expect(said[0]).toBe(`waiting for 2 to arrive in the managed domain: ${user}, group ${group} (0 of 2 min)`);
    expect(steps).toEqual([]);
    expect(outputs).toEqual({
      users: [
        {
          userPrincipalName: user,
          accountName: user.split("@")[0],
          qualifiedName: `CORP\\${user.split("@")[0]}`,
          distinguishedName: expect.stringContaining("OU=AADDC Users"),
          objectGuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
          objectSid: expect.stringMatching(/^S-1-5-21-/),
        },
      ],
      groups: [expect.objectContaining({ name: group, accountName: group })],
    });
  });

  test("gives up at the deadline, naming everything that is missing", async () => {
    const { inputs, user, group } = tenant();
    await expect(arrival.lifecycle.create({ ...inputs, timeoutMinutes: 0.01 }, context())).rejects.toMatchObject({
      code: "ENTRA_ARRIVAL_TIMEOUT",
      message: expect.stringContaining(`Not in the managed domain after 0.01 minutes: ${user}, group ${group}`),
    });
  });

  test("stops waiting at once when the operation is cancelled", async () => {
    const { inputs } = tenant();
    const cancelled = new AbortController();
    const slow = { ...inputs, pollSeconds: 600 };
    const waiting = arrival.lifecycle.create(
      slow,
      context(() => cancelled.abort(), cancelled.signal),
    );
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });

  test("refuses to guess between two groups of one display name", async () => {
    const { inputs, resources, group } = tenant();
    await synchronise(resources);
    await domain.admin.add(`CN=Twin of ${group},OU=AADDC Users,${domain.baseDn}`, {
      objectClass: "group",
      displayName: group,
    });
    await expect(arrival.lifecycle.create(inputs, context())).rejects.toMatchObject({
      code: "ENTRA_ARRIVAL_AMBIGUOUS",
      message: expect.stringContaining("2 groups have that name"),
    });
  });

  test("counts what has left as gone, and says what", async () => {
    const { inputs, resources, group } = tenant();
    await synchronise(resources);
    const { id, outputs } = await arrival.lifecycle.create(inputs, context());
    const first = context();
    expect(await arrival.lifecycle.read(id, { inputs, outputs }, first)).toEqual({ id, inputs, outputs });
    await domain.admin.del(`CN=${group},OU=AADDC Users,${domain.baseDn}`);
    expect(await arrival.lifecycle.read(id, { inputs, outputs }, first)).toBeUndefined();
    expect(first.warnings).toEqual([`No longer in the managed domain: group ${group}.`]);
  });

  test("waits again for another object of the same name, and not for another deadline", async () => {
    const { inputs } = tenant();
    const diff = (news: Partial<ArrivalInputs>) =>
      arrival.lifecycle.diff?.("x", inputs, { users: [], groups: [] }, { ...inputs, ...news }, context());
    expect(await diff({ timeoutMinutes: 90, pollSeconds: 5 })).toEqual({ changes: {} });
    const [user] = inputs.users;
    expect(await diff({ users: [{ objectId: "other", userPrincipalName: user?.userPrincipalName ?? "" }] })).toEqual({
      changes: { "users[0].objectId": "update" },
    });
  });
});
