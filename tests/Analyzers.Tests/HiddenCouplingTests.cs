namespace ModularMonolith.Analyzers.Tests;

public sealed class HiddenCouplingTests
{
    [Fact]
    public Task Dynamic_is_reported_where_it_is_written() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Totals
        {
            private readonly List<{|MM0015:dynamic|}> _all = [];

            public string Total({|MM0015:dynamic|} order)
            {
                {|MM0015:_all.Add|}(order);
                return {|MM0015:order.Total|}.ToString();
            }
        }
        """);

    [Fact]
    public Task A_name_that_reads_dynamic_is_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Totals
        {
            public int Total(int dynamic) => dynamic + new { dynamic = 1 }.dynamic;
        }
        """);

    [Fact]
    public Task Types_of_other_modules_that_are_named_in_strings_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Reflection;

        namespace ModularMonolith.Ordering;

        internal sealed class Lookup
        {
            private const string Assembly = "ModularMonolith.Catalog";

            private static readonly string Shelf = "ModularMonolith.Shelves.Shelf, ModularMonolith.Shelves";

            public object?[] All(string name)
            {
                var contract = "ModularMonolith.Catalog.Contracts.Product, " + Assembly + ".Contracts";
                return
                [
                    Type.GetType({|MM0016:"ModularMonolith.Catalog.Products.Product, ModularMonolith.Catalog"|}),
                    System.Reflection.Assembly.Load({|MM0016:Assembly|}).GetType({|MM0016:$"{Assembly}.Products.Product"|}),
                    Type.GetType({|MM0016:contract|}),
                    Type.GetType({|MM0016:Shelf|}),
                    Activator.CreateInstance({|MM0016:"ModularMonolith.Catalog"|}, "ModularMonolith.Catalog.Products.Product"),
                    Type.{|MM0016:GetType|}(name),
                    AppDomain.CurrentDomain.{|MM0016:GetAssemblies|}(),
                ];
            }
        }
        """);

    [Fact]
    public Task Own_types_and_names_that_only_look_alike_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class Lookup
        {
            public const string Log = "ModularMonolith.Catalog";

            public object?[] All(Type type, string name) =>
            [
                Type.GetType("ModularMonolith.Ordering.Lookup, ModularMonolith.Ordering"),
                Type.GetType("ModularMonolith.CatalogTools.Product"),
                typeof(Lookup).Assembly.GetType(name),
                typeof(Lookup).Assembly.GetTypes(),
                type.GetMethod("ToString", []),
                string.Concat("ModularMonolith.Catalog", name),
            ];
        }
        """);

    [Fact]
    public Task Accessors_of_private_members_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Runtime.CompilerServices;

        namespace ModularMonolith.Ordering;

        internal sealed class Peeking
        {
            [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_items")]
            private static extern ref string[] {|MM0017:Items|}(List<string> list);

            public int Count(List<string> list)
            {
                return Items(list).Length + Size(list);
                [UnsafeAccessorAttribute(UnsafeAccessorKind.Field, Name = "_size")]
                static extern ref int {|MM0017:Size|}(List<string> list);
            }
        }
        """);

    [Fact]
    public Task Reflection_on_members_that_are_not_public_is_reported_and_that_on_own_types_is_not() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Reflection;

        namespace ModularMonolith.Ordering;

        internal sealed class Peeking(int count)
        {
            public object?[] All(object anything) =>
            [
                {|MM0017:anything.GetType().GetField("_items", BindingFlags.NonPublic | BindingFlags.Instance)|},
                typeof(Peeking).GetField("count", BindingFlags.NonPublic | BindingFlags.Instance),
                anything.GetType().GetField("Items", BindingFlags.Public | BindingFlags.Instance),
                count,
            ];
        }
        """);

    [Fact]
    public Task An_attribute_of_ones_own_with_that_name_is_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        namespace ModularMonolith.Ordering;

        internal sealed class UnsafeAccessorAttribute : Attribute;

        internal sealed class Peeking
        {
            [UnsafeAccessor]
            public int Count(List<string> list) => list.Count;
        }
        """);

    [Fact]
    public Task Internals_that_are_shown_to_others_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Runtime.CompilerServices;

        [assembly: {|MM0018:InternalsVisibleTo("ModularMonolith.Catalog")|}]
        [assembly: {|MM0018:InternalsVisibleToAttribute("ModularMonolith.Catalog.Tests")|}]
        [assembly: InternalsVisibleTo("ModularMonolith.Ordering.Tests"), {|MM0018:InternalsVisibleTo("DynamicProxyGenAssembly2, PublicKey=0024")|}]
        """);

    [Fact]
    public Task Reading_the_internals_of_others_is_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Runtime.CompilerServices;

        [assembly: {|MM0018:IgnoresAccessChecksTo("ModularMonolith.Catalog")|}]

        namespace System.Runtime.CompilerServices
        {
            [AttributeUsage(AttributeTargets.Assembly)]
            internal sealed class IgnoresAccessChecksToAttribute(string assembly) : Attribute
            {
                public string Assembly => assembly;
            }
        }
        """);

    [Fact]
    public Task Internals_that_the_modules_tests_and_the_store_see_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Runtime.CompilerServices;

        [assembly: InternalsVisibleTo("ModularMonolith.Ordering.Tests")]
        [assembly: InternalsVisibleTo("Marten.DynamicStores")]
        """);
}
