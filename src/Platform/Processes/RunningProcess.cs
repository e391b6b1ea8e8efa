using System.Security.Cryptography;
using System.Text;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Platform.Processes;

/// <summary>A process in the unit of work of the handler that moves it on.</summary>
/// <typeparam name="TState">What the process remembers.</typeparam>
public sealed class RunningProcess<TState>
    where TState : ProcessState
{
    private readonly IProcessOutput _output;

    internal RunningProcess(TState state, bool isNew, IProcessOutput output)
    {
        State = state;
        IsNew = isNew;
        _output = output;
    }

    /// <summary>What it remembers; changes are stored when the unit of work is committed.</summary>
    public TState State { get; }

    /// <summary>Whether it begins in this unit of work.</summary>
    public bool IsNew { get; }

    /// <summary>Says how a step is undone: if the process fails, the event is published. A step that is named again takes the place of the former one.</summary>
    /// <param name="step">The step's name.</param>
    /// <param name="undo">The event.</param>
    /// <exception cref="InvalidOperationException">The process has ended, or the event's class has no <see cref="EventNameAttribute"/>.</exception>
    public void CompensateWith(string step, IIntegrationEvent undo)
    {
        RefuseEnded();
        State.Compensations = [.. State.Compensations.Where(known => known.Step != step), _output.Store(step, undo)];
    }

    /// <summary>Says that a step needs no undoing any more, or has had no effect.</summary>
    /// <param name="step">The step's name; an unknown one makes no difference.</param>
    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    public void Forget(string step)
    {
        RefuseEnded();
        State.Compensations = [.. State.Compensations.Where(known => known.Step != step)];
    }

    /// <summary>Has a command sent at a time unless the process ends, or the timeout is cleared or set anew, before.</summary>
    /// <param name="name">The timeout's name in this process.</param>
    /// <param name="at">When.</param>
    /// <param name="command">What is sent; its class carries <see cref="TimerAttribute"/>.</param>
    /// <exception cref="InvalidOperationException">The process has ended, or the command's class has no <see cref="TimerAttribute"/>.</exception>
    public void SetTimeout(string name, DateTimeOffset at, ICommand command)
    {
        RefuseEnded();
        _output.Schedule(TimerId(name), at, command);
        State.Timeouts = [.. State.Timeouts.Where(known => known != name), name];
    }

    /// <summary>Clears a timeout.</summary>
    /// <param name="name">Its name; an unknown one makes no difference.</param>
    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    public void ClearTimeout(string name)
    {
        RefuseEnded();
        if (State.Timeouts.Contains(name))
        {
            _output.Unschedule(TimerId(name));
            State.Timeouts = [.. State.Timeouts.Where(known => known != name)];
        }
    }

    /// <summary>Ends the process well: timeouts are cleared, and nothing can be undone any more.</summary>
    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    public void Complete() => End(ProcessStatus.Completed, null);

    /// <summary>Gives the process up: timeouts are cleared and the events that undo its steps are published, the last step first.</summary>
    /// <param name="reason">Why.</param>
    /// <exception cref="InvalidOperationException">The process has ended.</exception>
    public void Fail(string reason)
    {
        var compensations = State.Compensations;
        End(ProcessStatus.Failed, reason);
        foreach (var compensation in compensations.Reverse())
        {
            _output.Publish(compensation);
        }
    }

    private void End(ProcessStatus status, string? reason)
    {
        foreach (var name in State.Timeouts)
        {
            ClearTimeout(name);
        }

        RefuseEnded();
        State.Compensations = [];
        State.Status = status;
        State.Reason = reason;
        State.EndedAt = _output.Now;
        _output.Ended(State);
    }

    private void RefuseEnded()
    {
        if (State.Status != ProcessStatus.Running)
        {
            throw new InvalidOperationException($"The process {State.Id} has {State.Status.ToString().ToLowerInvariant()}; nothing moves it any more.");
        }
    }

    // The same name is the same timer, so setting it again moves it. A name-based UUID of version 8 (RFC 9562, section 5.8).
    private Guid TimerId(string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{State.Id:N} {name}"), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>What a process does through its unit of work.</summary>
internal interface IProcessOutput
{
    DateTimeOffset Now { get; }

    Compensation Store(string step, IIntegrationEvent undo);

    void Schedule(Guid timerId, DateTimeOffset at, ICommand command);

    void Unschedule(Guid timerId);

    void Publish(Compensation compensation);

    void Ended(ProcessState state);
}
