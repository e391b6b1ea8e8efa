using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Ledger.Entries;
using ModularMonolith.Ledger.Reconciliations;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger;

internal interface ILedgerStore : IDocumentStore;

[Module("ledger", Owner = "team-finance", Purpose = "The money of every order in double entry, compared with what the provider reports.", DependsOn = ["ordering", "payments"])]
[Permission("ledger:read", "See the accounts, the entries and the reconciliations.")]
[Permission("ledger:reconcile", "Compare the ledger with the provider.")]
internal sealed class LedgerModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(LedgerSettings.From(module.Configuration));
        module.Services.AddSingleton(provider => new LedgerDatabase(provider.GetRequiredService<ModuleDataSources>().For(module.Descriptor)));
        module.Services.AddSingleton(new DriftMetrics(module.Descriptor));
        module.Services.AddScoped<EntryWriter>();
        module.Services.AddHealthChecks().AddCheck<DriftHealthCheck>(module.Descriptor.Name);
        module.AddRecurring<ReconcileNightly>("reconcile-nightly", "15 3 * * *");
        module.UseStore<ILedgerStore>(static options => options.Schema.For<Reconciliation>().DocumentAlias("reconciliation"))
            .AddSchemaScript(EntryTables.Script)
            .AddSchemaScript(ReportedTransactions.Script);
    }
}

/// <summary>What the module is told by configuration.</summary>
/// <param name="Slack">How far the ledger's clock and the provider's may lie apart: what moved this close to an end of a reconciliation's time is left to the next one. 0 to 120 minutes.</param>
/// <param name="Settlement">How long an order may owe, or be owed, before the verification names it. 1 to 2,160 hours.</param>
internal sealed record LedgerSettings(TimeSpan Slack, TimeSpan Settlement)
{
    private const int DefaultSlackMinutes = 10;
    private const int DefaultSettlementHours = 24;

    public static LedgerSettings From(IConfiguration configuration)
    {
        var slack = configuration.GetValue<int?>("SlackMinutes") ?? DefaultSlackMinutes;
        var settlement = configuration.GetValue<int?>("SettlementHours") ?? DefaultSettlementHours;
        if (slack is < 0 or > 120)
        {
            throw new ModuleConfigurationException($"ledger:SlackMinutes is {slack}; it must be between 0 and 120.");
        }

        return settlement is >= 1 and <= 2_160
            ? new LedgerSettings(TimeSpan.FromMinutes(slack), TimeSpan.FromHours(settlement))
            : throw new ModuleConfigurationException($"ledger:SettlementHours is {settlement}; it must be between 1 and 2,160.");
    }
}
