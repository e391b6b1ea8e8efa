namespace Weasel.Core;

/// <summary>How enumeration values are written to JSON and columns.</summary>
public enum EnumStorage
{
    /// <summary>As their number.</summary>
    AsInteger = 0,

    /// <summary>As their name.</summary>
    AsString = 1,
}

/// <summary>How member names are written to JSON.</summary>
public enum Casing
{
    /// <summary>As declared.</summary>
    Default = 0,

    /// <summary>With a lower-case first letter.</summary>
    CamelCase = 1,

    /// <summary>In lower case, words separated by underscores.</summary>
    SnakeCase = 2,
}

/// <summary>What a bulk insert does about documents that exist already.</summary>
public enum BulkInsertMode
{
    /// <summary>Fails on the first duplicate.</summary>
    InsertsOnly = 0,

    /// <summary>Keeps the stored document.</summary>
    IgnoreDuplicates = 1,

    /// <summary>Replaces the stored document.</summary>
    OverwriteExisting = 2,
}
