//! dosevigil
