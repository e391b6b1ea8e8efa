using JasperFx;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Processes;
using Weasel.Core;

namespace ModularMonolith.Platform.Data;

internal sealed record ModuleSchemaScript(ModuleDescriptor Module, string Sql);

/// <summary>A module's store, for what the platform does with all of them.</summary>
internal sealed record ModuleStore(ModuleDescriptor Module, Type Marker, Func<IServiceProvider, IDocumentStore> Resolve);

internal static class ModuleStoreRegistration
{
    public static void Add<TStore>(IServiceCollection services, ModuleDescriptor module, Action<StoreOptions> configure)
        where TStore : class, IDocumentStore
    {
        services.AddMartenStore<TStore>(provider =>
        {
            var options = new StoreOptions();
            options.Connection(provider.GetRequiredService<ModuleDataSources>().For(module));
            options.CommandTimeout = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.CommandTimeout;
            options.DatabaseSchemaName = module.Name;
            options.Events.DatabaseSchemaName = module.Name;
            // The schema is brought up to date by the start in Development and by "migrate" elsewhere, never in the middle of a request.
            options.AutoCreateSchemaObjects = AutoCreate.None;
            UseJson(options);
            options.Events.TimeProvider = provider.GetRequiredService<TimeProvider>();
            options.Events.MetadataConfig.CorrelationIdEnabled = true;
            options.Events.MetadataConfig.CausationIdEnabled = true;
            options.Events.MetadataConfig.UserNameEnabled = true;
            options.Schema.For<IdempotencyRecord>().DocumentAlias("idempotency_record");
            foreach (var process in provider.GetServices<ModuleProcess>().Where(process => process.Module == module))
            {
                process.Configure(options);
            }

            configure(options);
            return options;
        });
        services.AddSingleton(new ModuleStore(module, typeof(TStore), static provider => provider.GetRequiredService<TStore>()));
        services.AddSingleton<WorkingCopies<TStore>>();
        services.AddScoped<ModuleSession<TStore>>();
        services.AddScoped<IModuleSession<TStore>>(static provider => provider.GetRequiredService<ModuleSession<TStore>>());
        services.AddKeyedScoped<IUnitOfWork>(module.Name, static (provider, _) => provider.GetRequiredService<ModuleSession<TStore>>());
        services.TryAddSingleton(TimeProvider.System);
    }

    /// <summary>How every module's store writes documents and events.</summary>
    public static void UseJson(StoreOptions options) => options.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase, static json =>
    {
        json.RespectNullableAnnotations = false;
        json.PropertyNameCaseInsensitive = false;
    });
}
