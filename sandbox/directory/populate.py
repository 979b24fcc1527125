"""Fills a stopped domain controller's database with people: populate.py SMB_CONF COUNT.

Adding a person as a client does costs five milliseconds and more, and fifty thousand of them many minutes. So one person is made
as usual and copied below the modules of the database, in one transaction, without its index, which is made anew at the end.
"""
import os
import sys
import uuid

import ldb
from samba.auth import system_session
from samba.dcerpc import misc, security
from samba.ndr import ndr_pack
from samba.param import LoadParm
from samba.samdb import SamDB

# The index of one container's children is a single record, which grows with each of them.
UNITS = 100
# Far above what the controller has handed out.
FIRST_RID = 100000

configuration, count = sys.argv[1], int(sys.argv[2])
parameters = LoadParm()
parameters.load(configuration)
database = SamDB(lp=parameters, session_info=system_session())
base = str(database.get_default_basedn())
realm = database.domain_dns_name()
database.transaction_start()
for unit in range(UNITS):
    database.add({"dn": "OU=People %02d,%s" % (unit, base), "objectClass": "organizationalUnit"})
first = "CN=template,OU=People 00,%s" % base
database.add({
    "dn": first,
    "objectClass": "user",
    "sAMAccountName": "template",
    "userPrincipalName": "template@" + realm,
    "mobile": "+49 1512 3000000",
    "userAccountControl": "544",
})
database.transaction_commit()
domain_sid = str(database.get_domain_sid())
partition = os.path.join(parameters.private_path("sam.ldb.d"), base.upper() + ".ldb")
raw = SamDB(lp=parameters, session_info=system_session(), auto_connect=False, global_schema=False)
raw.connect(partition, options=["modules:"])
# Names and identifiers are indexed by the syntax of their attributes.
raw.set_schema_from_ldb(database, write_indices_and_attributes=False)
template = raw.search(first, ldb.SCOPE_BASE)[0]
copied = {key: [bytes(value) for value in template[key]] for key in template.keys() if key not in ("dn", "distinguishedName")}


def change_index(values, flag):
    message = ldb.Message(ldb.Dn(raw, "@INDEXLIST"))
    message["@IDXATTR"] = ldb.MessageElement(values, flag, "@IDXATTR")
    raw.modify(message)


indexed = [bytes(value) for value in raw.search("@INDEXLIST", ldb.SCOPE_BASE)[0]["@IDXATTR"]]
raw.transaction_start()
change_index([], ldb.FLAG_MOD_DELETE)
for index in range(count):
    name = "user%06d" % index
    own = dict(
        copied,
        cn=[name],
        name=[name],
        sAMAccountName=[name],
        userPrincipalName=["%s@%s" % (name, realm)],
        mobile=["+49 1512 3%06d" % index],
        objectGUID=[ndr_pack(misc.GUID(str(uuid.uuid4())))],
        objectSid=[ndr_pack(security.dom_sid("%s-%d" % (domain_sid, FIRST_RID + index)))],
    )
    message = ldb.Message(ldb.Dn(raw, "CN=%s,OU=People %02d,%s" % (name, index % UNITS, base)))
    for key, values in own.items():
        message[key] = ldb.MessageElement(values, ldb.FLAG_MOD_ADD, key)
    raw.add(message)
change_index(indexed, ldb.FLAG_MOD_ADD)
raw.transaction_commit()
