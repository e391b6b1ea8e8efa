using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ModularMonolith.Readers")] // finds: internals-stay-internal ""
