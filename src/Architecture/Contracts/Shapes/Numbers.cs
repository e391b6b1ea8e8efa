namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>Which numbers take all values of which others.</summary>
internal static class Numbers
{
    // Each takes all that stand before it in one of the lines.
    private static readonly string[][] Lines =
    [
        ["int8", "int16", "int32", "int64", "decimal"],
        ["uint8", "uint16", "uint32", "uint64", "decimal"],
        ["uint8", "int16", "int32", "int64"],
        ["uint16", "int32", "int64"],
        ["uint32", "int64"],
        ["int8", "int16", "int32", "double"],
        ["float", "double"],
    ];

    /// <summary>Whether all values of one kind can be read as the other.</summary>
    public static bool IsWider(string before, string after) => Lines.Any(line => Array.IndexOf(line, before) is >= 0 and var index && Array.IndexOf(line, after) > index);
}
