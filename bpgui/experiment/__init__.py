"""What a user can describe: frozen models, presets on disk, and the problem they stand for."""
