"""The event room: a lead chooses what each person of a hard event is offered, before anything goes out."""
