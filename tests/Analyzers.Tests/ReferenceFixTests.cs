namespace ModularMonolith.Analyzers.Tests;

public sealed class ReferenceFixTests
{
    private const string User = "namespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(ModularMonolith.Catalog.Contracts.Product Product);\n";

    [Theory]
    [InlineData("", ", DependsOn = [\"catalog\"]")]
    [InlineData(", DependsOn = []", ", DependsOn = [\"catalog\"]")]
    [InlineData(", DependsOn = [\"baskets\"]", ", DependsOn = [\"baskets\", \"catalog\"]")]
    [InlineData(", DependsOn = [\"baskets\", \"payments\"]", ", DependsOn = [\"baskets\", \"catalog\", \"payments\"]")]
    [InlineData(", DependsOn = new[] { \"payments\" }", ", DependsOn = new[] { \"catalog\", \"payments\" }")]
    [InlineData(", DependsOn = new string[] { \"baskets\" }", ", DependsOn = new string[] { \"baskets\", \"catalog\" }")]
    public Task A_dependency_is_added_to_the_manifest_in_its_place(string before, string after) => new AnalyzedModule { SeesCatalogContracts = true }.FixesAsync(
        Rules.ManifestNamesDependencies, [User, Manifest(before)], [User, Manifest(after)]);

    [Theory]
    // Without any import.
    [InlineData(
        "namespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(ModularMonolith.Catalog.Products.Product Product);\n",
        "using ModularMonolith.Catalog.Contracts;\n\nnamespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(Product Product);\n")]
    // In the place of the slice's namespace, everywhere in the file.
    [InlineData(
        "using ModularMonolith.Catalog.Products;\n\nnamespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(Product Product)\n{\n    public object New() => new List<Product> { new Product(nameof(Product)) };\n}\n",
        "using ModularMonolith.Catalog.Contracts;\n\nnamespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(Product Product)\n{\n    public object New() => new List<Product> { new Product(nameof(Product)) };\n}\n")]
    // Beside an import that is there, whose names are no more ambiguous afterwards.
    [InlineData(
        "using ModularMonolith.Catalog.Contracts;\nusing ModularMonolith.Catalog.Products;\n\nnamespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(ModularMonolith.Catalog.Products.Product Product, GetProduct Get);\n",
        "using ModularMonolith.Catalog.Contracts;\n\nnamespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(Product Product, GetProduct Get);\n")]
    // In its place among other imports.
    [InlineData(
        "// Orders.\nusing System.Text;\nusing ModularMonolith.Platform.Contracts;\n\nnamespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(ModularMonolith.Catalog.Products.Product Product, Money Price, StringBuilder Text);\n",
        "// Orders.\nusing System.Text;\nusing ModularMonolith.Catalog.Contracts;\nusing ModularMonolith.Platform.Contracts;\n\nnamespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(Product Product, Money Price, StringBuilder Text);\n")]
    // With its namespace, where the module has a type of that name.
    [InlineData(
        "namespace ModularMonolith.Ordering;\n\ninternal sealed record Product(ModularMonolith.Catalog.Products.Product Other);\n",
        "namespace ModularMonolith.Ordering;\n\ninternal sealed record Product(ModularMonolith.Catalog.Contracts.Product Other);\n")]
    public Task The_type_of_the_same_name_in_the_Contracts_is_used(string before, string after) => new AnalyzedModule { SeesCatalogSlice = true, SeesCatalogContracts = true }.FixesAsync(
        Rules.ModuleReferences, [before], [after]);

    [Fact]
    public async Task Nothing_is_offered_for_a_type_that_the_Contracts_do_not_have() => Assert.Empty(await new AnalyzedModule { SeesCatalogSlice = true, SeesCatalogContracts = true }.OfferedAsync(
        Rules.ModuleReferences, "namespace ModularMonolith.Ordering;\n\ninternal sealed record Reading(ModularMonolith.Catalog.Products.Shelf Shelf);\n"));

    private static string Manifest(string dependsOn) => $$"""
        using ModularMonolith.Platform.Modules;

        namespace ModularMonolith.Ordering;

        [Module("ordering", Owner = "team", Purpose = "Orders."{{dependsOn}})]
        internal sealed class OrderingModule : IModule
        {
            public void Configure(ModuleBuilder module) => module.ToString();
        }
        """;
}
