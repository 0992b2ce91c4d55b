"""Pages of authorities."""

from django.urls import path

from registry.oversight import sheet_views, views

urlpatterns = [
    path("regulator/", views.regulator, name="regulator"),
    path("regulator/emitters/", views.table, name="regulator_emitters"),
    path("regulator/emitters/<str:code>/", sheet_views.emitter, name="regulator_emitter"),
    path("regulator/overdue/", views.overdue, name="regulator_overdue"),
    path("regulator/vintages/", views.identity, name="regulator_vintages"),
]
