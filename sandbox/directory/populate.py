"""Fills a stopped domain controller's database with people: populate.py SMB_CONF COUNT.

Adding a person as a client does costs five milliseconds and more, and fifty thousand of them many minutes. So one person is made
as usual and copied below the modules of the database, without its index, which is made anew at the end.

Two handles on the same file: with the schema, the database keeps the schema's index whatever its list of indexed attributes says,
and copies the whole of it for each person; without the schema it cannot make the index, whose keys depend on the attributes' syntax.
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
BELOW_THE_MODULES = ["modules:"]


def main(configuration, count):
    parameters = LoadParm()
    parameters.load(configuration)
    database = SamDB(lp=parameters, session_info=system_session())
    base = str(database.get_default_basedn())
    partition = os.path.join(parameters.private_path("sam.ldb.d"), base.upper() + ".ldb")
    template = make_units_and_template(database, base)
    people = ldb.Ldb()
    people.connect(partition, options=BELOW_THE_MODULES)
    indexed = list(people.search("@INDEXLIST", ldb.SCOPE_BASE)[0]["@IDXATTR"])
    people.transaction_start()
    change_index(people, [], ldb.FLAG_MOD_DELETE)
    copy_person(people, database, people.search(template, ldb.SCOPE_BASE)[0], count)
    people.transaction_commit()
    index = SamDB(lp=parameters, session_info=system_session(), auto_connect=False, global_schema=False)
    index.connect(partition, options=BELOW_THE_MODULES)
    index.set_schema_from_ldb(database, write_indices_and_attributes=False)
    index.transaction_start()
    change_index(index, [bytes(value) for value in indexed], ldb.FLAG_MOD_ADD)
    index.transaction_commit()


def make_units_and_template(database, base):
    """Answers the distinguished name of a person who was made as a client makes one."""
    name = "CN=template,OU=People 00,%s" % base
    database.transaction_start()
    for unit in range(UNITS):
        database.add({"dn": "OU=People %02d,%s" % (unit, base), "objectClass": "organizationalUnit"})
    database.add({
        "dn": name,
        "objectClass": "user",
        "sAMAccountName": "template",
        "userPrincipalName": "template@" + database.domain_dns_name(),
        "mobile": "+49 1512 3000000",
        "userAccountControl": "544",
    })
    database.transaction_commit()
    return name


def copy_person(people, database, template, count):
    base = str(database.get_default_basedn())
    realm = database.domain_dns_name()
    domain_sid = str(database.get_domain_sid())
    shared = {
        key: [bytes(value) for value in template[key]]
        for key in template.keys()
        if key not in ("dn", "distinguishedName")
    }
    for number in range(count):
        name = "user%06d" % number
        own = dict(
            shared,
            cn=[name],
            name=[name],
            sAMAccountName=[name],
            userPrincipalName=["%s@%s" % (name, realm)],
            mobile=["+49 1512 3%06d" % number],
            objectGUID=[ndr_pack(misc.GUID(str(uuid.uuid4())))],
            objectSid=[ndr_pack(security.dom_sid("%s-%d" % (domain_sid, FIRST_RID + number)))],
        )
        message = ldb.Message(ldb.Dn(people, "CN=%s,OU=People %02d,%s" % (name, number % UNITS, base)))
        for key, values in own.items():
            message[key] = ldb.MessageElement(values, ldb.FLAG_MOD_ADD, key)
        people.add(message)


def change_index(handle, attributes, flag):
    """Giving the list of indexed attributes back makes the index anew."""
    message = ldb.Message(ldb.Dn(handle, "@INDEXLIST"))
    message["@IDXATTR"] = ldb.MessageElement(attributes, flag, "@IDXATTR")
    handle.modify(message)


main(sys.argv[1], int(sys.argv[2]))
