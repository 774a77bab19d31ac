"""LINE Messaging API: personal pushes to verified followers."""
