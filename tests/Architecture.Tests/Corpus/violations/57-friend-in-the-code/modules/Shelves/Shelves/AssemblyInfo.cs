using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ModularMonolith.Readers")] // finds: internals-stay-internal "shows the internals of ModularMonolith.Shelves to ModularMonolith.Readers"
