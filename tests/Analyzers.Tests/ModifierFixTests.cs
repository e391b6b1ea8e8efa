namespace ModularMonolith.Analyzers.Tests;

public sealed class ModifierFixTests
{
    [Fact]
    public Task A_public_type_becomes_internal() => AnalyzedModule.Slice.FixesAsync(
        Rules.ModuleTypesAreInternal,
        ["""
        namespace ModularMonolith.Ordering;

        /// <summary>An order.</summary>
        [Serializable]
        public /* so far */ sealed class Order;
        """],
        ["""
        namespace ModularMonolith.Ordering;

        /// <summary>An order.</summary>
        [Serializable]
        internal /* so far */ sealed class Order;
        """]);

    [Fact]
    public Task All_parts_of_a_type_become_internal() => AnalyzedModule.Slice.FixesAsync(
        Rules.ModuleTypesAreInternal,
        ["""
        namespace ModularMonolith.Ordering;

        public sealed partial class Order;

        sealed partial class Order
        {
            public int Count => 1;
        }
        """,
        """
        namespace ModularMonolith.Ordering;

        public partial class Order
        {
            public int Number => 1;
        }
        """],
        ["""
        namespace ModularMonolith.Ordering;

        internal sealed partial class Order;

        internal sealed partial class Order
        {
            public int Count => 1;
        }
        """,
        """
        namespace ModularMonolith.Ordering;

        internal partial class Order
        {
            public int Number => 1;
        }
        """]);

    [Fact]
    public Task A_public_delegate_becomes_internal() => AnalyzedModule.Slice.FixesAsync(
        Rules.ModuleTypesAreInternal,
        ["namespace ModularMonolith.Ordering;\n\npublic delegate int Count(string text);\n"],
        ["namespace ModularMonolith.Ordering;\n\ninternal delegate int Count(string text);\n"]);

    [Fact]
    public Task A_public_store_marker_becomes_internal() => AnalyzedModule.Slice.FixesAsync(
        Rules.StoreMarkersAreInternal,
        ["namespace ModularMonolith.Ordering;\n\npublic interface IOrderingStore : Marten.IDocumentStore;\n"],
        ["namespace ModularMonolith.Ordering;\n\ninternal interface IOrderingStore : Marten.IDocumentStore;\n"]);

    [Theory]
    [InlineData("internal class Order;", "internal sealed class Order;")]
    [InlineData("internal partial record Order(int Count);", "internal sealed partial record Order(int Count);")]
    [InlineData("// An order.\nclass Order;", "// An order.\nsealed class Order;")]
    [InlineData("[Serializable]\ninternal unsafe class Order;", "[Serializable]\ninternal unsafe sealed class Order;")]
    public Task A_class_becomes_sealed(string before, string after) => new AnalyzedModule { IsUnfinished = before.Contains("unsafe", StringComparison.Ordinal) }.FixesAsync(
        Rules.ModuleTypesAreSealed, ["namespace ModularMonolith.Ordering;\n\n" + before], ["namespace ModularMonolith.Ordering;\n\n" + after]);

    [Theory]
    [InlineData("private void Apply(string placed) => placed.Trim();", "public void Apply(string placed) => placed.Trim();")]
    [InlineData("void Apply(string placed) => placed.Trim();", "public void Apply(string placed) => placed.Trim();")]
    [InlineData("protected internal bool ShouldDelete(string placed) => true;", "public bool ShouldDelete(string placed) => true;")]
    [InlineData("/// <summary>Begins.</summary>\n    [Obsolete(\"\")]\n    static Order Create(string placed) => new();", "/// <summary>Begins.</summary>\n    [Obsolete(\"\")]\n    public static Order Create(string placed) => new();")]
    public Task A_method_that_applies_events_becomes_public(string before, string after) => AnalyzedModule.Slice.FixesAsync(
        Rules.EventMethodsArePublic, [Around(before)], [Around(after)]);

    private static string Around(string method) => $"namespace ModularMonolith.Ordering;\n\ninternal sealed class Order\n{{\n    {method}\n}}\n";
}
