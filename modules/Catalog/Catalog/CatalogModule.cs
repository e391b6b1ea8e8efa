using Marten;
using Marten.Schema;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Catalog.Imports;
using ModularMonolith.Catalog.Products;
using ModularMonolith.Catalog.SampleData;
using ModularMonolith.Catalog.Variants;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Catalog;

internal interface ICatalogStore : IDocumentStore;

[Module("catalog", Owner = "team-catalog", Purpose = "What the shop sells: products with their variants, prices, pictures and search.", DependsOn = ["inventory"])]
[Permission("catalog:read", "See products that are not published, and import reports.")]
[Permission("catalog:write", "Create, change, publish and import products.")]
internal sealed class CatalogModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module
            .UseStore<ICatalogStore>(static options =>
            {
                options.Schema.For<Product>().UniqueIndex(UniqueIndexType.DuplicatedField, product => product.Slug);
                options.Schema.For<ImportReport>();
            })
            .AddSchemaScript(ProductTables.Script)
            .AddSchemaScript(ImportParts.Script)
            .AddSampleData<SampleCatalogue>();
        module.Services.AddSingleton(CatalogSettings.From(module.Configuration));
        module.Services.AddSingleton<ProductWriter>();
        module.Services.AddSingleton<ImportParts>();
        module.Services.AddSingleton<VariantCache>();
        module.Services.AddSingleton<IConfigureMarten<ICatalogStore>, VariantListeners>();
        module.Services.AddScoped<ProductImport>();
        module.Services.AddSingleton(provider => new CatalogDatabase(provider.GetRequiredService<ModuleDataSources>().For(module.Descriptor)));
    }
}
