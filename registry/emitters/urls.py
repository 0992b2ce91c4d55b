"""Pages of emitters, of a year's emissions, and of imports."""

from django.urls import path

from registry.emitters import emission_views, import_views, record_views, views

urlpatterns = [
    path("registry/emitters/", views.index, name="emitters"),
    path("registry/emitters/new/", record_views.new, name="emitter_new"),
    path("registry/emitters/<str:code>/", views.one, name="emitter"),
    path("registry/emitters/<str:code>/names/", record_views.rename, name="emitter_names"),
    path("registry/emitters/<str:code>/units/", record_views.unit, name="emitter_unit"),
    path("registry/emitters/<str:code>/years/", record_views.year, name="emitter_years"),
    path("registry/emitters/<str:code>/figures/<int:pk>/object/", views.object_to, name="emitter_object"),
    path("registry/emitters/<str:code>/objections/<int:pk>/answer/", views.answer, name="emitter_answer"),
    path("registry/emissions/", emission_views.latest, name="emissions_latest"),
    path("registry/emissions/<int:year>/", emission_views.index, name="emissions"),
    path("registry/emissions/<int:year>/<str:code>/", emission_views.one, name="emission_entry"),
    path("registry/emissions/<int:year>/<str:code>/<int:pk>/", emission_views.enter, name="emission_enter"),
    path("registry/imports/", import_views.index, name="imports"),
    path("registry/imports/template/<str:kind>.<str:form>", import_views.template, name="import_template"),
    path("registry/imports/<int:pk>/", import_views.one, name="import"),
    path("registry/imports/<int:pk>/state/", import_views.state, name="import_state"),
    path("registry/imports/<int:pk>/decide/", import_views.decide, name="import_decide"),
]
