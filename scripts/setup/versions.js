/** What the set-up installs. A new version here makes a new folder in the cache; the old one may be deleted by hand. */

/** The Pulumi engine. Newer ones ask the language host for things that its last separately built version lacks. */
export const engineVersion = "3.220.0";

/** The Node.js language host when it is built from Go modules: its last version that lies inside sdk/v3. */
export const languageHostVersion = "3.68.0";

/** The ACME certificate authority of the sandbox; Debian's own package has neither renewal information nor profiles. */
export const pebbleVersion = "2.8.0";

/** What measurements compare the kit's certificates with; only they need it. */
export const legoVersion = "4.21.0";

/** A second ACME server; only tests use it, and say so where it is not there. */
export const stepCaVersion = "0.30.2";

/** A linter of certificates; only tests use it, and say so where it is not there. */
export const zlintVersion = "3.7.3";
