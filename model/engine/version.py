"""Which model computed a figure that was kept."""

#: Raised by one whenever a scenario comes to other figures than before: figures kept beside saved scenarios are then computed
#: anew. tests/model/engine/test_version.py holds the figures of today and fails where they change and this does not.
RESULTS = 1
