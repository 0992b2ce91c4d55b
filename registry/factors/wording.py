"""Items and units of factors in words of the active language."""

from django.utils.translation import gettext_lazy as _

#: of each item, its name on pages
ITEM_NAMES = {
    "flight": _("Flights"),
    "rail": _("Rail"),
    "coach": _("Coach"),
    "car": _("Car"),
    "hotel": _("Hotel nights"),
    "electricity": _("Electricity of the venue"),
    "meal": _("Meals with meat"),
    "meal_vegetarian": _("Vegetarian meals"),
    "car_trip": _("Baseline: trip by car"),
    "metro": _("Trip by metro"),
    "bus": _("Trip by bus"),
    "short_trip": _("Baseline: trip that cycling replaces"),
    "petrol_driving": _("Baseline: petrol car, by the electricity charged instead"),
    "shanghai_grid": _("Electricity of Shanghai's grid"),
    "points": _("Carbon points"),
}
UNIT_NAMES = {
    "passenger-km": _("passenger-km"),
    "vehicle-km": _("vehicle-km"),
    "room-night": _("room-nights"),
    "kWh": _("kWh"),
    "meal": _("meals"),
    "kg CO2e": _("kg CO2e"),
    "points": _("points"),
}
GROUP_NAMES = {"event": _("Footprint of an event"), "inclusion": _("Carbon inclusion")}
