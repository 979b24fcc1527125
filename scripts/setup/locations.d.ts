/** The checkout that this file belongs to. */
export declare const checkout: string;
/** The kit's folder in the user's cache: `$XDG_CACHE_HOME/mfakit`, by default `~/.cache/mfakit`. */
export declare function cacheDirectory(): string;
/** The folder with `pulumi`, its language host and its plugin shims; it belongs at the front of PATH. */
export declare function engineDirectory(): string;
/** The certificate authority of the sandbox. */
export declare function pebbleBinary(): string;
/** Another ACME client, beside which the kit is measured. */
export declare function legoBinary(): string;
/** A second ACME server, for tests. */
export declare function stepCaBinary(): string;
/** A linter of certificates. */
export declare function zlintBinary(): string;
/** The Node.js that runs the kit, whatever the machine's own is. */
export declare function kitNode(): string;
