"""Pages of custody, carry-over and cancellation."""

from django.urls import path

from registry.cancellation import views as cancellation
from registry.carryover import views as carryover
from registry.custody import ask_views, views

urlpatterns = [
    path("registry/holdings/", views.holdings, name="holdings"),
    path("registry/holdings/movements/", views.movements, name="movements"),
    path("registry/freezes/", views.freezes, name="freezes"),
    path("registry/freezes/new/", ask_views.new_freeze, name="freeze_new"),
    path("registry/freezes/<int:pk>/end/", ask_views.lift_freeze, name="freeze_lift"),
    path("registry/pledges/", views.pledges, name="pledges"),
    path("registry/pledges/new/", ask_views.new_pledge, name="pledge_new"),
    path("registry/pledges/<int:pk>/release/", ask_views.release_pledge, name="pledge_release"),
    path("registry/pledges/<int:pk>/dispose/", ask_views.dispose_pledge, name="pledge_dispose"),
    path("registry/trusted/", views.trusted_list, name="trusted"),
    path("registry/trusted/new/", ask_views.new_entry, name="trusted_new"),
    path("registry/transfers/", views.transfers, name="transfers"),
    path("registry/transfers/new/", ask_views.new_transfer, name="transfer_new"),
    path("registry/carry-over/", carryover.carry_over, name="carry_over"),
    path("registry/carry-over/new/", carryover.new, name="carry_over_new"),
    path("registry/cancellations/", cancellation.listing, name="cancellations"),
    path("registry/cancellations/new/", cancellation.new, name="cancellation_new"),
    path("registry/cancellations/<int:pk>/", cancellation.one, name="cancellation"),
]
