using System.Text.RegularExpressions;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Platform.Modules;

/// <summary>What a module registers itself with.</summary>
public sealed partial class ModuleBuilder
{
    private readonly ModuleCatalog _modules;

    internal ModuleBuilder(ModuleDescriptor descriptor, ModuleCatalog modules, IServiceCollection services, IConfiguration configuration)
    {
        _modules = modules;
        Descriptor = descriptor;
        Services = services;
        Configuration = configuration.GetSection(descriptor.Name);
    }

    /// <summary>The module's manifest and telemetry sources.</summary>
    public ModuleDescriptor Descriptor { get; }

    /// <summary>The host's services. A module registers only its own types.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The configuration section named after the module.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>
    /// Gives the module its Marten store: schema, login role and data source of its own. Handlers obtain it as
    /// <see cref="IModuleSession{TStore}"/>; since the marker is internal, no other module can.
    /// </summary>
    /// <typeparam name="TStore">The module's internal store marker.</typeparam>
    /// <param name="configure">Documents, events and projections. Connection, schema name and serialisation are set already.</param>
    /// <returns>The same builder.</returns>
    public ModuleBuilder UseStore<TStore>(Action<StoreOptions> configure)
        where TStore : class, IDocumentStore
    {
        ModuleStoreRegistration.Add<TStore>(Services, Descriptor, configure);
        return this;
    }

    /// <summary>
    /// Adds SQL that runs after the store's own schema is in place, as the module's role, each time the schema is
    /// brought up to date. It must be safe to run again (<c>create table if not exists</c> …) and is written without schema names:
    /// the search path is the module's schema.
    /// </summary>
    /// <param name="sql">One or more statements.</param>
    /// <returns>The same builder.</returns>
    public ModuleBuilder AddSchemaScript(string sql)
    {
        Services.AddSingleton(new ModuleSchemaScript(Descriptor, sql));
        return this;
    }

    /// <summary>Sends a command by a schedule, once over all hosts on the database. Occasions that are missed while no host runs are made up for by one run.</summary>
    /// <typeparam name="TCommand">The command; it has a parameterless constructor.</typeparam>
    /// <param name="name">The job's stable name, unique in the module, at most 100 characters.</param>
    /// <param name="schedule">See <see cref="CronSchedule"/>: <c>0 3 * * *</c> is every night at three, UTC.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="FormatException">The schedule cannot be read.</exception>
    public ModuleBuilder AddRecurring<TCommand>(string name, string schedule)
        where TCommand : ICommand, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Services.AddSingleton(new RecurringJob(Descriptor, name, CronSchedule.Parse(schedule), static () => new TCommand()));
        return this;
    }

    /// <summary>
    /// Adds a kind of process that goes over several events, commands and timeouts. Handlers obtain it as
    /// <see cref="IProcesses{TStore, TState}"/>. A process that has ended is removed after 90 days.
    /// </summary>
    /// <typeparam name="TStore">The module's internal store marker.</typeparam>
    /// <typeparam name="TState">What the process remembers.</typeparam>
    /// <param name="name">The stable name, unique in the module, lower case with hyphens, at most 40 characters.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ModuleConfigurationException">The name does not fit.</exception>
    public ModuleBuilder AddProcess<TStore, TState>(string name)
        where TStore : class, IDocumentStore
        where TState : ProcessState, new()
    {
        if (!ProcessName().IsMatch(name))
        {
            throw new ModuleConfigurationException($"'{name}' is no name for a process of module '{Descriptor.Name}': it has 2 to 40 lower-case letters, digits and hyphens and starts with a letter.");
        }

        Services.AddSingleton(new ModuleProcess(Descriptor, name, typeof(TState), options =>
            options.Schema.For<TState>().DocumentAlias(ModuleProcess.AliasOf(name)).Duplicate(static state => state.EndedAt!, configure: static _ => { })));
        Services.AddScoped<IProcesses<TStore, TState>, Processes<TStore, TState>>();
        return this;
    }

    /// <summary>
    /// Subscribes a handler to events in their stored form. It runs as every subscription does, with lanes, a cursor in the module's schema, retries and parking, but it
    /// does not receive events that were imported from outside of this database.
    /// </summary>
    /// <typeparam name="THandler">The handler; it carries <see cref="SubscriptionAttribute"/>.</typeparam>
    /// <param name="events">Names of events, or beginnings of names that end with <c>.*</c>: <c>ordering.*</c> stands for all that this host's modules declare.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ModuleConfigurationException">A beginning stands for no event, or the handler's settings are out of range.</exception>
    public ModuleBuilder AddForwarding<THandler>(IEnumerable<string> events)
        where THandler : class, IForwardEvents
    {
        Services.TryAddScoped<THandler>();
        Services.AddSingleton(Subscription.Forwarding(Descriptor, typeof(THandler), events.SelectMany(Resolve)));
        return this;
    }

    /// <summary>Fills the module with sample data on the first run in Development.</summary>
    /// <typeparam name="TSampleData">What fills it.</typeparam>
    /// <returns>The same builder.</returns>
    public ModuleBuilder AddSampleData<TSampleData>()
        where TSampleData : class, ISampleData
    {
        Services.AddScoped<ISampleData, TSampleData>();
        return this;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{1,39}$")]
    private static partial Regex ProcessName();

    private IEnumerable<string> Resolve(string pattern)
    {
        if (!pattern.EndsWith(".*", StringComparison.Ordinal))
        {
            return [pattern];
        }

        var found = _modules.EventNames().Where(name => name.StartsWith(pattern[..^1], StringComparison.Ordinal)).ToList();
        return found.Count > 0
            ? found
            : throw new ModuleConfigurationException($"Module '{Descriptor.Name}' is to forward '{pattern}', but no module of this host declares such an event. Correct the name, or take it out.");
    }
}
