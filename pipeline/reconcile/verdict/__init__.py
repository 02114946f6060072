"""Judge quoted figures by what their publishers published, and write the conflicts."""
