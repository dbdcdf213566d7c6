"""Makes one D-Bus call and prints the answer as JSON; run by Debian's own Python, which has dbus-python.

`bus_caller.py ADDRESS NAME PATH INTERFACE.METHOD SIGNATURE ARGUMENTS-AS-JSON`
"""

import json
import sys

import dbus
import dbus.bus


def plain(value):
    """`value` without D-Bus types."""
    if isinstance(value, dict):
        return {str(plain(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, dbus.ByteArray):
        return list(value)
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, dbus.Boolean):
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return None if value is None else str(value)


def main():
    address, name, path, method, signature, arguments = sys.argv[1:]
    interface, member = method.rsplit(".", 1)
    bus = dbus.bus.BusConnection(address)
    given = json.loads(arguments)
    if signature or not given:
        answer = bus.call_blocking(name, path, interface, member, signature, given, timeout=20)
    else:
        proxy = bus.get_object(name, path)
        answer = dbus.Interface(proxy, interface).__getattr__(member)(*given, timeout=20)
    print(json.dumps(plain(answer)))


main()
