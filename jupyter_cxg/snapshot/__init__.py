"""An AnnData, frozen on disk: written by the kernel, read by the server, and the catalog where they meet."""
