namespace Weasel.Core;

/// <summary>What a schema change does.</summary>
public enum SchemaPatchDifference
{
    /// <summary>It would destroy data.</summary>
    Invalid = 0,

    /// <summary>It changes an existing object.</summary>
    Update = 1,

    /// <summary>It creates a missing object.</summary>
    Create = 2,

    /// <summary>There is nothing to do.</summary>
    None = 3,
}

/// <summary>The changes that would bring a database in line with a store.</summary>
public class SchemaMigration
{
    private readonly string sql;

    internal SchemaMigration(SchemaPatchDifference difference, string sql)
    {
        Difference = difference;
        this.sql = sql;
    }

    /// <summary>The most far-reaching of the changes.</summary>
    public SchemaPatchDifference Difference { get; }

    /// <summary>The statements; empty when there is nothing to do.</summary>
    public string UpdateSql() => sql;
}
