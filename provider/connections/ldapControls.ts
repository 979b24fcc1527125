import { Ber, BerWriter, Control } from "ldapts";

/** Which parts of a security descriptor a request is about (LDAP_SERVER_SD_FLAGS_OID, MS-ADTS 3.1.1.3.4.1.11). */
const SD_FLAGS = "1.2.840.113556.1.4.801";
const DACL = 4;

/** The discretionary access list alone: reading or writing more needs rights that few accounts have. */
class AccessListControl extends Control {
  constructor() {
    super(SD_FLAGS, { critical: true });
  }

  protected override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(DACL);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }
}

export const accessListOnly: Control = new AccessListControl();
