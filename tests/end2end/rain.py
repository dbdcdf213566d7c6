"""Signals and names that come and go on a message bus until it is killed: `rain.py ADDRESS`.

For Debian's own Python, which has dbus-python.
"""

import sys
import time

import dbus

NAMES = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")

bus = dbus.bus.BusConnection(sys.argv[1])
active = False
while True:
    active = not active
    for name in NAMES:
        signal = dbus.lowlevel.SignalMessage("/" + name.replace(".", "/"), name, "ActiveChanged")
        signal.append(active)
        bus.send_message(signal)
    bus.request_name("org.mate.ScreenSaver")
    bus.release_name("org.mate.ScreenSaver")
    bus.flush()
    time.sleep(0.02)
