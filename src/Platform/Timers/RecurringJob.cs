using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Timers;

/// <summary>A command that is sent by a schedule, once over all hosts.</summary>
internal sealed record RecurringJob(ModuleDescriptor Module, string Name, CronSchedule Schedule, Func<ICommand> Create);
