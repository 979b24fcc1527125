import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withSettings } from "../../../provider/web/edit.ts";
import { escapeAttribute, escapeContent, isXmlText } from "../../../provider/web/escape.ts";
import { allApplicationSettings, allAppSettings, parseConfig } from "../../../provider/web/settings.ts";

const path = "C:\\inetpub\\wwwroot\\MultiFactorAuthMobileAppWebService\\web.config";

const edited = (text: string, appSettings: Record<string, string>, applicationSettings: Record<string, string> = {}) =>
  withSettings(parseConfig(text, path), { appSettings, applicationSettings });

const mobileApp = `<?xml version="1.0" encoding="utf-8"?>
<!-- Mobile App Web Service -->
<configuration>
	<configSections>
		<sectionGroup name="applicationSettings" type="System.Configuration.ApplicationSettingsGroup" />
	</configSections>
	<appSettings>
		<!-- account -->
		<add key="WEB_SERVICE_SDK_AUTHENTICATION_USERNAME" value=""/>
		<add value='' key='WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD'  />
	</appSettings>
	<applicationSettings>
		<PfPaWs.Properties.Settings>
			<setting name="pfpaws_pfwssdk_PfWsSdk" serializeAs="String">
				<value>http://localhost:4898/PfWsSdk.asmx</value>
			</setting>
		</PfPaWs.Properties.Settings>
	</applicationSettings>
	<system.web><compilation debug="false"/></system.web>
</configuration>
`;

describe("the product's own files", () => {
  test("the three settings of the Mobile App Web Service change and nothing else", () => {
    const text = edited(
      mobileApp,
      {
        WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: "CORP\\MfaWebService",
        WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: `p<&>"'`,
      },
      { _pfwssdk_PfWsSdk: "https://mfa.dev.contoso.com/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx?a=1&b=2" },
    );
    expect(text).toBe(
      mobileApp
        .replace(`USERNAME" value=""`, `USERNAME" value="CORP\\MfaWebService"`)
        .replace(`<add value=''`, `<add value='p&lt;&amp;&gt;"&apos;'`)
        .replace(
          "http://localhost:4898/PfWsSdk.asmx",
          "https://mfa.dev.contoso.com/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx?a=1&amp;b=2",
        ),
    );
  });

  test("a missing key is added behind the last one, spelled and indented like it", () => {
    const text = edited(mobileApp.replaceAll("\n", "\r\n"), { SSL_REQUIRED: "false" });
    expect(text).toContain(`PASSWORD'  />\r\n\t\t<add key="SSL_REQUIRED" value="false" />\r\n\t</appSettings>`);
  });

  test.each([
    [
      "an empty section",
      `<configuration>\n  <appSettings>\n  </appSettings>\n</configuration>`,
      `<configuration>\n  <appSettings>\n    <add key="A" value="1" />\n  </appSettings>\n</configuration>`,
    ],
    [
      "a section without end tag",
      `<configuration>\n  <appSettings />\n</configuration>`,
      `<configuration>\n  <appSettings>\n    <add key="A" value="1" />\n  </appSettings>\n</configuration>`,
    ],
    [
      "no section",
      `<configuration>\n  <system.web/>\n</configuration>`,
      `<configuration>\n  <appSettings>\n    <add key="A" value="1" />\n  </appSettings>\n  <system.web/>\n</configuration>`,
    ],
    [
      "no section, but configSections",
      `<configuration>\n  <configSections/>\n  <x/>\n</configuration>`,
      `<configuration>\n  <configSections/>\n  <appSettings>\n    <add key="A" value="1" />\n  </appSettings>\n  <x/>\n</configuration>`,
    ],
    [
      "nothing at all",
      `<configuration/>`,
      `<configuration>\n  <appSettings>\n    <add key="A" value="1" />\n  </appSettings>\n</configuration>`,
    ],
    [
      "one line",
      `<configuration><appSettings><add key="B" value="2"/></appSettings></configuration>`,
      `<configuration><appSettings><add key="B" value="2"/><add key="A" value="1"/></appSettings></configuration>`,
    ],
    [
      "an add without value",
      `<configuration><appSettings><add key="A" /></appSettings></configuration>`,
      `<configuration><appSettings><add key="A" value="1" /></appSettings></configuration>`,
    ],
    [
      "an add with an end tag",
      `<configuration><appSettings><add key="A"></add></appSettings></configuration>`,
      `<configuration><appSettings><add key="A" value="1"></add></appSettings></configuration>`,
    ],
    [
      "another spelling of the key",
      `<configuration><appSettings><add key="a" value=""/></appSettings></configuration>`,
      `<configuration><appSettings><add key="a" value="1"/></appSettings></configuration>`,
    ],
  ])("a key is set in a file with %s", (_case, before, after) => {
    expect(edited(before, { A: "1" })).toBe(after);
    expect(edited(after, { A: "1" })).toBe(after);
  });

  const setting = (inner: string) =>
    `<configuration><applicationSettings><s><setting name="x_PfWsSdk" serializeAs="String">${inner}</setting></s></applicationSettings></configuration>`;
  test.each([
    ["an empty value", "<value />", "<value>u&amp;v</value>"],
    ["CDATA", "<value><![CDATA[old]]></value>", "<value>u&amp;v</value>"],
    ["a comment in the value", "<value>o<!-- c -->ld</value>", "<value>u&amp;v</value>"],
    ["no value", "", "<value>u&amp;v</value>"],
    ["an attribute with a > in it", `<value a="x>y">old</value>`, `<value a="x>y">u&amp;v</value>`],
  ])("an application setting with %s is set", (_case, before, after) => {
    expect(edited(setting(before), {}, { _PfWsSdk: "u&v" })).toBe(setting(after));
  });

  test("a value that means the same in other characters is left alone", () => {
    const text = `<configuration><appSettings><add key="A" value="&#65;&amp;b"/></appSettings></configuration>`;
    expect(edited(text, { A: "A&b" })).toBe(text);
  });

  test("settings of a <location> are not the application's own", () => {
    const text = `<configuration><location path="x"><appSettings><add key="A" value="1"/></appSettings></location></configuration>`;
    expect(edited(text, { A: "2" })).toContain(`<configuration>\n  <appSettings>`);
  });
});

describe("files that are refused", () => {
  test.each([
    [
      "broken XML, with the place",
      "<configuration><appSettings></configuration>",
      "CONFIG_XML_BROKEN",
      "line 1, column 29",
    ],
    [
      "a document type declaration",
      `<!DOCTYPE c [<!ENTITY e "x">]><configuration>&e;</configuration>`,
      "CONFIG_XML_DTD",
      "document type",
    ],
    ["an entity that is not defined", "<configuration>&e;</configuration>", "CONFIG_XML_BROKEN", "entity"],
    ["another root element", "<html/>", "CONFIG_NOT_A_CONFIGURATION", "<html>"],
    [
      "the section twice",
      "<configuration><appSettings/><appSettings/></configuration>",
      "CONFIG_SECTION_TWICE",
      "Merge",
    ],
    [
      "the section in another file",
      `<configuration><appSettings configSource="a.config"/></configuration>`,
      "CONFIG_SECTION_ELSEWHERE",
      "a.config",
    ],
    [
      "the key twice",
      `<configuration><appSettings><add key="A" value="1"/><add key="a" value="2"/></appSettings></configuration>`,
      "CONFIG_DUPLICATE_KEY",
      "twice",
    ],
    [
      "a later clear",
      `<configuration><appSettings><add key="A" value="1"/><clear/></appSettings></configuration>`,
      "CONFIG_DUPLICATE_KEY",
      "<clear>",
    ],
  ])("%s", (_case, text, code, says) => {
    let failure: unknown;
    try {
      edited(text, { A: "3" });
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ code });
    expect(String(failure)).toContain(says);
    expect(String(failure)).toContain(path);
  });

  test("broken XML is never quoted: it may hold a password", () => {
    const text = `<configuration><appSettings><add key="P" value="hunter2 & co"/></appSettings></configuration>`;
    expect(() => edited(text, {})).toThrow("Unterminated reference");
    expect(() => edited(text, {})).not.toThrow("hunter2");
  });

  test("an ending that matches several settings lists them", () => {
    const text = `<configuration><applicationSettings><s><setting name="a_PfWsSdk"/><setting name="b_PfWsSdk"/></s></applicationSettings></configuration>`;
    expect(() => edited(text, {}, { _PfWsSdk: "u" })).toThrow("a_PfWsSdk, b_PfWsSdk");
  });

  test("an ending that matches none lists what there is", () => {
    const text = `<configuration><applicationSettings><s><setting name="a_Other"/></s></applicationSettings></configuration>`;
    expect(() => edited(text, {}, { _PfWsSdk: "u" })).toThrow("it has a_Other");
  });
});

/** A web.config as a template: fixed text around the raw text of each value. */
interface Template {
  render(raw: readonly string[]): string;
  quotes: ('"' | "'" | undefined)[];
  keys: string[];
}

const xmlText = fc.string({ unit: "grapheme", maxLength: 12 }).filter(isXmlText);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,10}$/);
const filler = fc.constantFrom(
  "",
  " ",
  "\r\n  ",
  "\n\t",
  "<!-- <add key='x' value='y'/> -->",
  "<?pi x='1'?>",
  "\n<!--\r\n-->\n",
);
const unknownSection = fc.constantFrom(
  "",
  "<system.web><a b='>'/></system.web>",
  "<x:y xmlns:x='u'>t<![CDATA[<add/>]]></x:y>",
);
const quote = fc.constantFrom('"' as const, "'" as const);

const template: fc.Arbitrary<Template> = fc
  .record({
    keys: fc.uniqueArray(name, { minLength: 1, maxLength: 6, selector: (key) => key.toLowerCase() }),
    settings: fc.uniqueArray(name, { maxLength: 3 }),
    quotes: fc.array(quote, { minLength: 6, maxLength: 6 }),
    fillers: fc.array(filler, { minLength: 12, maxLength: 12 }),
    unknown: fc.array(unknownSection, { minLength: 3, maxLength: 3 }),
    valueFirst: fc.boolean(),
    head: fc.constantFrom("", `<?xml version="1.0"?>\r\n`, `<?xml version='1.0' encoding='utf-8'?>\n<!-- head -->\n`),
  })
  .map(({ keys, settings, quotes, fillers, unknown, valueFirst, head }) => {
    const fill = (index: number) => fillers[index % fillers.length] ?? "";
    const render = (raw: readonly string[]) => {
      const adds = keys.map((key, index) => {
        const q = quotes[index] ?? '"';
        const value = `value = ${q}${raw[index]}${q}`;
        const named = `key=${q}${key}${q}`;
        return `<add ${valueFirst ? `${value}\n ${named}` : `${named}  ${value}`}${index % 2 ? "/>" : " ></add>"}${fill(index)}`;
      });
      const lists = settings.map(
        (each, index) =>
          `<setting name="${each}_${index}"><value>${raw[keys.length + index]}</value></setting>${fill(index + 4)}`,
      );
      return [
        head,
        `<configuration>${unknown[0]}${fill(7)}<appSettings>${fill(8)}${adds.join("")}</appSettings>${unknown[1]}${fill(9)}`,
        `<applicationSettings><S.T>${lists.join("")}</S.T>${fill(10)}</applicationSettings>${unknown[2]}</configuration>${fill(1)}`,
      ].join("");
    };
    const all = [...keys, ...settings.map((each, index) => `${each}_${index}`)];
    return {
      render,
      keys: all,
      quotes: all.map((_, index) => (index < keys.length ? (quotes[index] ?? '"') : undefined)),
    };
  });

/** The same text with some of its characters as references, the way a person or a tool may have written it. */
const raw = (value: string, quoteMark: '"' | "'" | undefined, odd: boolean) => {
  const escaped = quoteMark === undefined ? escapeContent(value) : escapeAttribute(value, quoteMark);
  return odd ? escaped.replace(/^[A-Za-z]/, (letter) => `&#x${letter.charCodeAt(0).toString(16)};`) : escaped;
};

const cases = template.chain((made) =>
  fc.record({
    made: fc.constant(made),
    before: fc.array(xmlText, { minLength: made.keys.length, maxLength: made.keys.length }),
    after: fc.array(fc.option(xmlText, { nil: undefined }), {
      minLength: made.keys.length,
      maxLength: made.keys.length,
    }),
    odd: fc.boolean(),
  }),
);

const split = (made: Template, values: readonly (string | undefined)[]) => {
  const pairs = (app: boolean) =>
    made.keys.flatMap((key, index) => {
      const value = values[index];
      return (made.quotes[index] !== undefined) === app && value !== undefined ? [[key, value] as const] : [];
    });
  return { appSettings: Object.fromEntries(pairs(true)), applicationSettings: Object.fromEntries(pairs(false)) };
};

describe("over generated files", () => {
  test("reading gives the values that were written, whatever stands around them", () => {
    fc.assert(
      fc.property(cases, ({ made, before, odd }) => {
        const text = made.render(before.map((value, index) => raw(value, made.quotes[index], odd)));
        const document = parseConfig(text, path);
        const wanted = split(made, before);
        expect(allAppSettings(document)).toEqual(wanted.appSettings);
        expect(Object.fromEntries(allApplicationSettings(document).map((each) => [each.name, each.value]))).toEqual(
          wanted.applicationSettings,
        );
      }),
    );
  });

  test("only the text of changed values differs; all else is the same, character for character", () => {
    fc.assert(
      fc.property(cases, ({ made, before, after, odd }) => {
        const rawBefore = before.map((value, index) => raw(value, made.quotes[index], odd));
        const rawAfter = before.map((value, index) => {
          const changed = after[index];
          return changed === undefined || changed === value
            ? (rawBefore[index] ?? "")
            : raw(changed, made.quotes[index], false);
        });
        const { appSettings, applicationSettings } = split(made, after);
        const text = edited(made.render(rawBefore), appSettings, applicationSettings);
        expect(text).toBe(made.render(rawAfter));
        expect(edited(text, appSettings, applicationSettings)).toBe(text);
      }),
    );
  });

  test("new keys can be read back, and nothing that was there is lost", () => {
    fc.assert(
      fc.property(
        cases,
        fc.dictionary(
          name.map((each) => `new.${each}`),
          xmlText,
          { minKeys: 1, maxKeys: 3 },
        ),
        ({ made, before }, added) => {
          fc.pre(new Set(Object.keys(added).map((key) => key.toLowerCase())).size === Object.keys(added).length);
          const text = made.render(before.map((value, index) => raw(value, made.quotes[index], false)));
          const result = edited(text, added);
          expect(allAppSettings(parseConfig(result, path))).toEqual({ ...split(made, before).appSettings, ...added });
          // One insertion: the old text is the new one's beginning and end.
          const common = result.split("").findIndex((unit, index) => unit !== text[index]);
          expect(result.endsWith(text.slice(common))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
