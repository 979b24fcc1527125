/** Version line of the product. */
export type Profile = "v7" | "v8";

/** Something that only a person can do, because Microsoft offers no other way than the portal or the product's console. */
export interface ManualStep {
  /** Stable name. */
  id: string;
  title: string;
  /** What to do, in order. */
  instructions: string[];
  /** How to see that it is done. */
  doneWhen: string;
}

/** What the instructions name. */
export interface ManualStepsArgs {
  profile: Profile;
  /** Name of the organisation. Default: the instruction says "your company's name". */
  companyName?: string;
  /** Name of the group of the people. */
  mfaUsersGroup: string;
  userPortalUrl: string;
  /** Only with profile v7. */
  mobileAppWebServiceUrl?: string;
  /** Where the set-up program is expected on the host. */
  installerPath: string;
  computerName: string;
}

/** What remains to be done by hand, in the order of the procedure. */
export function manualSteps(args: ManualStepsArgs): ManualStep[] {
  return [
    {
      id: "download",
      title: "Download the server and generate activation credentials",
      instructions: [
        "Sign in to the Microsoft Entra admin center as Global Administrator and open Protection > Multifactor authentication > Server settings.",
        `Download the set-up program to ${args.installerPath} on ${args.computerName} and record its SHA-256 in mfa-server:mfaServer.installer.sha256.`,
        "Choose Generate activation credentials and note them; they are asked for in the next step.",
      ],
      doneWhen: "pulumi up installs the server, and the activation credentials are at hand.",
    },
    {
      id: "activate",
      title: "Activate the server",
      instructions: [
        `Log on to ${args.computerName} with a domain account and start Multi-Factor Authentication Server.`,
        ...(args.profile === "v7" ? ["Skip the Authentication Configuration Wizard."] : []),
        "Enter the activation credentials and choose Activate.",
      ],
      doneWhen: "The admin center lists the server under Server status.",
    },
    {
      id: "company-settings",
      title: "Set the company's defaults",
      instructions: [
        "In the console open Company Settings and choose the default method.",
        "Do not choose two-way text messages: the service takes none since 24 February 2021.",
      ],
      doneWhen: "The console shows the chosen method for a new user.",
    },
    {
      id: "directory-integration",
      title: "Import the people from Active Directory",
      instructions: [
        "In the console open Directory Integration and see that Use Active Directory is selected.",
        `On the Synchronization tab add the security group ${args.mfaUsersGroup}; import the mobile phone, enable new users with a phone number.`,
        "Check Enable synchronization with Active Directory, set the interval, choose Synchronize Now once.",
      ],
      doneWhen:
        "Users lists everybody of the group, enabled and with a phone number. Somebody imported before the number was there stays disabled: edit the user and check Enabled.",
    },
    {
      id: "user-portal-settings",
      title: "Configure the User Portal",
      instructions: [
        `In the console open User Portal and set the User Portal URL to ${args.userPortalUrl}.`,
        "On the Trusted IPs tab add the internal ranges that need no second factor for the portal.",
      ],
      doneWhen: `${args.userPortalUrl} shows the log-on page and lets a user in.`,
    },
    {
      id: "mobile-app-settings",
      title: "Configure the mobile app",
      instructions: [
        ...(args.mobileAppWebServiceUrl === undefined
          ? []
          : [
              `In the console open Mobile App and set the Mobile App Web Service URL to ${args.mobileAppWebServiceUrl.replace(/\/PfPaWs\.asmx$/, "")}.`,
            ]),
        `Set the Account Name in Mobile App to ${args.companyName ?? "your company's name"}.`,
      ],
      doneWhen: "A newly activated app shows that name.",
    },
    {
      id: "test-user",
      title: "Test one user",
      instructions: ["In the console open Users, choose a user and Test; the user answers on the phone."],
      doneWhen: "The console says that the authentication succeeded.",
    },
  ];
}
