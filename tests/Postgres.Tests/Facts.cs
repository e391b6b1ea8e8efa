namespace ModularMonolith.Postgres.Tests;

/// <summary>A test that runs shell scripts.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Needs a Unix shell.";
    }
}

/// <summary>A test of what happens when root starts the host.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            Skip = "Only root can become another user.";
    }
}
