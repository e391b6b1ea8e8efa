global using ModularMonolith.EndToEnd.Tests.Harness;
global using ModularMonolith.Platform.Testing;
