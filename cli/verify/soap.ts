import { parseXml, XmlElement, type XmlNode } from "@rgrove/parse-xml";
import { CheckFailed } from "./check.ts";
import type { Answer, Visitor } from "./visitor.ts";

/** Credentials for HTTP Basic authentication. */
export interface Credentials {
  name: string;
  password: string;
}

/** Calls one operation without arguments by SOAP 1.1 and answers the text of its result element. */
export async function callSoap(
  visitor: Visitor,
  url: string,
  namespace: string,
  operation: string,
  credentials?: Credentials,
): Promise<string> {
  const envelope =
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>' +
    `<${operation} xmlns="${namespace}"/></soap:Body></soap:Envelope>`;
  const answer = await visitor.fetch(
    url,
    {
      method: "POST",
      headers: {
        "content-type": "text/xml; charset=utf-8",
        soapaction: `"${namespace.replace(/\/$/, "")}/${operation}"`,
        ...authorization(credentials),
      },
    },
    envelope,
  );
  const document = parse(answer, url);
  const fault = find(document, "faultstring");
  if (fault !== undefined) throw new CheckFailed(`${operation} at ${url} fails: ${fault.text.trim()}`);
  if (answer.status !== 200) throw new CheckFailed(`${operation} at ${url} answers ${answer.status}`);
  const result = find(document, `${operation}Result`) ?? find(document, `${operation}Response`);
  if (result === undefined) throw new CheckFailed(`${operation} at ${url} answers without a result`);
  return result.text.trim();
}

/** The target namespace of a service, which its WSDL tells; only those who may call it may read it. */
export async function wsdlNamespace(visitor: Visitor, url: string, credentials: Credentials): Promise<string> {
  const answer = await visitor.fetch(`${url}?WSDL`, { headers: authorization(credentials) });
  if (answer.status !== 200) throw new CheckFailed(`${url}?WSDL answers ${answer.status} to ${credentials.name}`);
  const namespace = find(parse(answer, url), "definitions")?.attributes.targetNamespace;
  if (namespace === undefined) throw new CheckFailed(`${url}?WSDL is no service description`);
  return namespace;
}

function authorization(credentials: Credentials | undefined): Record<string, string> {
  if (credentials === undefined) return {};
  const { name, password } = credentials;
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`, "utf8").toString("base64")}` };
}

function parse(answer: Answer, url: string): XmlElement {
  const html = /^\s*<!doctype html|^\s*<html/i.test(answer.body);
  // An empty 200 is how an application looks whose configuration broke and was repaired: a failure, not an answer.
  if (answer.body.trim() === "" || html)
    throw new CheckFailed(`${url} answers ${answer.status} without a SOAP message`);
  try {
    const { root } = parseXml(answer.body);
    if (root !== null) return root;
  } catch (cause) {
    throw new CheckFailed(`${url} answers ${answer.status} with text that is no XML: ${(cause as Error).message}`, {
      cause,
    });
  }
  throw new CheckFailed(`${url} answers ${answer.status} with an empty document`);
}

/** The first element of this name, whatever its prefix, depth first. */
function find(element: XmlElement, localName: string): XmlElement | undefined {
  if (element.name.split(":").at(-1) === localName) return element;
  for (const child of element.children as XmlNode[]) {
    if (!(child instanceof XmlElement)) continue;
    const found = find(child, localName);
    if (found !== undefined) return found;
  }
  return undefined;
}
