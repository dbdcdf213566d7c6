"""Trays: tint2 takes XEmbed icons, xfce4-panel takes StatusNotifier items."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

_TINT2 = """
rounded = 0
border_width = 0
background_color = #20242c 100
border_color = #20242c 100
rounded = 3
border_width = 0
background_color = #3a4252 100
border_color = #3a4252 100
panel_items = TSC
panel_size = 100% 36
panel_position = bottom center horizontal
panel_background_id = 1
panel_padding = 6 4 6
wm_menu = 1
strut_policy = follow_size
taskbar_mode = single_desktop
taskbar_padding = 2 2 4
task_text = 1
task_icon = 1
task_maximum_size = 190 28
task_padding = 6 2 6
task_font = DejaVu Sans 9
task_font_color = #c8d0e0 100
task_active_font_color = #ffffff 100
task_background_id = 0
task_active_background_id = 2
systray_padding = 6 2 6
systray_icon_size = 22
systray_background_id = 0
time1_format = %H:%M
time1_font = DejaVu Sans 10
clock_font_color = #ffffff 100
clock_padding = 8 0
"""

_XFCE = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=640;y=782"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="36"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/>
        <value type="int" value="3"/><value type="int" value="4"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-3" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
    <property name="plugin-4" type="string" value="clock"/>
  </property>
</channel>
"""


class Panel(StrEnum):
    """Which panel a desktop has."""

    NONE = "none"
    TINT2 = "tint2"
    XFCE = "xfce4-panel"


def prepare(panel: Panel, home: Path) -> list[str]:
    """Write the panel's settings into `home` and return its command line."""
    if panel is Panel.TINT2:
        settings = home / ".config/tint2/tint2rc"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(_TINT2)
        return ["tint2", "-c", str(settings)]
    settings = home / ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_XFCE)
    return ["xfce4-panel", "--disable-wm-check"]
