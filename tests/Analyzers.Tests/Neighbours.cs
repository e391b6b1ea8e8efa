using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>What the analyzed module can refer to: the platform, and another module, Catalog, with its slice and its Contracts.</summary>
internal static class Neighbours
{
    private const string CatalogContractsSource = """
        namespace ModularMonolith.Catalog.Contracts;

        public sealed record Product(string Sku);

        public sealed record GetProduct(string Sku) : ModularMonolith.Platform.Contracts.IQuery<Product>;

        public interface IPriceList;

        public interface IStockList
        {
            int Count();
        }

        public static class ProductLimits
        {
            public const int Variants = 100;

            public const string Everything = "select sku from catalog.product";
        }
        """;

    private const string CatalogSource = """
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("ModularMonolith.Ordering")]
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("ModularMonolith.Ordering.Contracts")]

        namespace ModularMonolith.Catalog
        {
            internal interface ICatalogStore : Marten.IDocumentStore;
        }

        namespace ModularMonolith.Catalog.Products
        {
            internal sealed record Product(string Sku);

            internal sealed record Shelf(string Name)
            {
                private sealed class Hidden;
            }

            internal static class Skus
            {
                public static string Trimmed(this string sku) => sku.Trim();
            }
        }
        """;

    private static readonly Lazy<MetadataReference[]> Shared = new(static () =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(static path => !path.Contains("CodeAnalysis", StringComparison.Ordinal)).Select(static path => MetadataReference.CreateFromFile(path))]);

    private static readonly Lazy<MetadataReference> CompiledContracts = new(static () => Compile("ModularMonolith.Catalog.Contracts", CatalogContractsSource));

    private static readonly Lazy<MetadataReference> CompiledSlice = new(static () => Compile("ModularMonolith.Catalog", CatalogSource));

    public static IReadOnlyList<MetadataReference> Platform => Shared.Value;

    public static MetadataReference CatalogContracts => CompiledContracts.Value;

    public static MetadataReference CatalogSlice => CompiledSlice.Value;

    private static PortableExecutableReference Compile(string name, string source)
    {
        using var image = new MemoryStream();
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], Platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        image.Position = 0;
        return MetadataReference.CreateFromStream(image);
    }
}
