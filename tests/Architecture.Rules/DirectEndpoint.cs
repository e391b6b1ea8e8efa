using System.Data.Common;

namespace ModularMonolith.Architecture.Declared;

/// <summary>Breaks endpoints-keep-out-of-data: the self-test puts it into a module and expects it to be found.</summary>
internal sealed class DirectEndpoint(DbDataSource source)
{
    public DbCommand Read() => source.CreateCommand("select 1");
}
