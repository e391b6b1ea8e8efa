namespace ModularMonolith.Bridge.Tests;

/// <summary>A test that needs a RabbitMQ server of its own; skipped where none is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMqFactAttribute : FactAttribute
{
    public RabbitMqFactAttribute() => Skip = RabbitServer.Missing;
}
