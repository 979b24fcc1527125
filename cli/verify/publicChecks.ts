import { type Check, CheckFailed } from "./check.ts";
import { callSoap, wsdlNamespace } from "./soap.ts";

const MAWS_NAMESPACE = "http://www.phonefactor.com/PfPaWs";
const DAY = 24 * 60 * 60 * 1000;

/** A name that resolves to the address of this deployment, and to no other: clients take any of them. */
const name: Check = {
  id: "dns-name",
  step: "a valid DNS entry created",
  async run({ settings: { publicEndpoint }, publicIpAddress, visitor }) {
    const addresses = await visitor.addresses(publicEndpoint.hostName);
    if (addresses.length === 0) throw new CheckFailed(`${publicEndpoint.hostName} has no address`);
    if (addresses.some((address) => address !== publicIpAddress)) {
      throw new CheckFailed(
        `${publicEndpoint.hostName} is ${addresses.join(", ")}, but the deployment's public address is ${publicIpAddress}`,
      );
    }
    return `${publicEndpoint.hostName} is ${addresses.join(", ")}`;
  },
};

const certificate: Check = {
  id: "certificate",
  step: "a public SSL certificate bound to the Default Website, without certificate warnings",
  async run({ settings: { publicEndpoint }, visitor }) {
    const { certificate, protocol } = await visitor.handshake(publicEndpoint.hostName);
    const daysLeft = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / DAY);
    const issuer = certificate.issuer.O ?? certificate.issuer.CN;
    return `port 443 answers with ${protocol}; chain and name are valid, issued by ${issuer}, ${daysLeft} days left`;
  },
};

const portal: Check = {
  id: "user-portal",
  step: "the User Portal installed under the Default website",
  async run({ names, visitor }) {
    const answer = await visitor.fetch(names.userPortalUrl);
    if (answer.status !== 200) throw new CheckFailed(`${names.userPortalUrl} answers ${answer.status}`);
    if (!/<input[^>]+type=["']?password/i.test(answer.body)) {
      throw new CheckFailed(`${names.userPortalUrl} shows no log-on page`);
    }
    return `${names.userPortalUrl} shows the log-on page`;
  },
};

const sdkRefuses: Check = {
  id: "sdk-credentials",
  step: "the Web Service SDK asks for credentials",
  async run({ names, visitor }) {
    const answer = await visitor.fetch(names.webServiceSdkUrl);
    if (answer.status !== 401)
      throw new CheckFailed(`${names.webServiceSdkUrl} answers ${answer.status} without credentials, not 401`);
    const offered = String(answer.headers["www-authenticate"] ?? "");
    if (!/basic/i.test(offered)) throw new CheckFailed(`${names.webServiceSdkUrl} offers no Basic authentication`);
    return "answers 401 and offers Basic authentication";
  },
};

const sdkAccepts: Check = {
  id: "sdk-service-account",
  step: "the service account may use the Web Service SDK",
  async run({ names, serviceAccount, visitor }) {
    const namespace = await wsdlNamespace(visitor, names.webServiceSdkUrl, serviceAccount);
    const result = await callSoap(visitor, names.webServiceSdkUrl, namespace, "TestSecurity", serviceAccount);
    if (result !== "secure") throw new CheckFailed(`TestSecurity answers "${result}", not "secure"`);
    return `TestSecurity answers "secure" to ${serviceAccount.name}`;
  },
};

const mobileApp: Check = {
  id: "mobile-app-web-service",
  step: "test access with the service account: TestPfWsSdkConnection succeeds",
  async run({ names, visitor }) {
    const url = names.mobileAppWebServiceUrl as string;
    const result = await callSoap(visitor, url, MAWS_NAMESPACE, "TestPfWsSdkConnection");
    if (!/success/i.test(result)) throw new CheckFailed(`TestPfWsSdkConnection answers: ${result}`);
    return `TestPfWsSdkConnection: ${result}`;
  },
};

/** What anybody on the Internet can see; the Mobile App Web Service only where the profile has it. */
export function publicChecks(hasMobileApp: boolean): Check[] {
  return [name, certificate, portal, sdkRefuses, sdkAccepts, ...(hasMobileApp ? [mobileApp] : [])];
}
