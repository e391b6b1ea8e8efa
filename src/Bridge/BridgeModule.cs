using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Bridge;

internal interface IBridgeStore : IDocumentStore;

[Module("bridge", Owner = "platform", Purpose = "Carries integration events to and from processes with a database of their own, over RabbitMQ.", RequiredSetting = "Address", ImportsEvents = true)]
internal sealed class BridgeModule : IModule
{
    private const string Tables = """
        create table if not exists imported (message_id uuid primary key, imported_at timestamptz not null);
        create table if not exists refused (
            digest bytea primary key, message_id text not null, name text not null, reason text not null, headers text not null, body bytea not null, refused_at timestamptz not null);
        create table if not exists binding (queue text not null, exchange text not null, pattern text not null, primary key (queue, exchange, pattern));
        """;

    public void Configure(ModuleBuilder module)
    {
        var settings = BridgeSettings.From(module.Configuration);
        module.UseStore<IBridgeStore>(static _ => { }).AddSchemaScript(Tables);
        module.Services.AddSingleton(settings);
        module.Services.AddSingleton(provider => new BridgeDatabase(provider.GetRequiredService<ModuleDataSources>().For(module.Descriptor)));
        module.Services.AddSingleton(new BridgeTelemetry(module.Descriptor));
        module.Services.AddSingleton<BridgeState>();
        module.Services.AddHealthChecks().AddCheck<BridgeHealthCheck>(module.Descriptor.Name);
        if (settings.Export.Count > 0)
        {
            module.AddForwarding<ExportEvents>(settings.Export);
            module.Services.AddSingleton<EventPublisher>();
            module.Services.AddHostedService<ExportConnection>();
        }

        if (settings.Import.Count > 0)
        {
            module.AddRecurring<ForgetImported>("forget-imported", "17 3 * * *");
            module.Services.AddSingleton<EventImporter>();
            module.Services.AddHostedService<ImportEvents>();
        }
    }
}
