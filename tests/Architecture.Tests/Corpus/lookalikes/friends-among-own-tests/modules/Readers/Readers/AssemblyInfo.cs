using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ModularMonolith.Readers.Tests")]
[assembly: InternalsVisibleTo("Marten.DynamicStores")]
