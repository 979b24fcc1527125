import type { Chapter } from "./step.ts";

const onThePhone = (number: string, what: string) => ({
  number,
  what,
  class: "manual" as const,
  note: "Each user, on the own phone: the product offers no other way.",
});

export const registering: Chapter = {
  title: "Registering the Mobile App",
  steps: [
    onThePhone("1", "Install Microsoft Authenticator"),
    onThePhone("2", "Log in to the User Portal"),
    onThePhone("3", "Generate an activation code"),
    onThePhone("4", "Add an account in the app"),
    onThePhone("5", "Scan the code"),
  ],
};
