using System.Reflection;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static object? Make()
    {
        var assembly = Assembly.Load("ModularMonolith.Shelves"); // finds: no-reflection-by-name "loads the assembly ModularMonolith.Shelves"
        return assembly.GetType("ModularMonolith.Shelves.Copies.Copy"); // finds: no-reflection-by-name "looks ModularMonolith.Shelves.Copies.Copy of Shelves up by name"
    }
}
