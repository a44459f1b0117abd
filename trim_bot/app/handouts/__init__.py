"""The poster and the leaflet that a site prints, with its own numbers and address."""
