"""What the clock asks of the desk: look at due steps, send what is queued, freeze the week."""
