"""What tests are made of: databases, apps, people, browsers."""
