"""Pages of carbon inclusion."""

from django.urls import path

from registry.inclusion import person_views, views

urlpatterns = [
    path("public/inclusion/", views.public, name="public_inclusion"),
    path("registry/inclusion/", views.index, name="inclusion"),
    path("registry/inclusion/me/", person_views.me, name="inclusion_me"),
    path("registry/inclusion/me/do/", person_views.act, name="inclusion_do"),
    path("registry/inclusion/new/", views.new, name="inclusion_scene_new"),
    path("registry/inclusion/rewards/", views.rewards, name="inclusion_rewards"),
    path("registry/inclusion/template.<str:form>", views.template, name="activity_template"),
    path("registry/inclusion/scenes/<str:code>/", views.scene, name="inclusion_scene"),
    path("registry/inclusion/scenes/<str:code>/upload/", views.upload, name="activity_upload"),
    path("registry/inclusion/scenes/<str:code>/convert/", views.convert, name="inclusion_convert"),
    path("registry/inclusion/imports/<int:pk>/", views.one_import, name="activity_import"),
    path("registry/inclusion/imports/<int:pk>/decide/", views.decide, name="activity_import_decide"),
]
