namespace Weasel.Postgresql.Tables;

/// <summary>How an index is kept.</summary>
public enum IndexMethod
{
    /// <summary>A balanced tree.</summary>
    btree,

    /// <summary>A hash table.</summary>
    hash,

    /// <summary>A generalized search tree.</summary>
    gist,

    /// <summary>A generalized inverted index.</summary>
    gin,

    /// <summary>Block ranges.</summary>
    brin,
}

/// <summary>The direction of an index.</summary>
public enum SortOrder
{
    /// <summary>Ascending.</summary>
    Asc,

    /// <summary>Descending.</summary>
    Desc,
}
