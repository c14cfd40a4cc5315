using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace McpSessionAnalyzers.Harness;

/// <summary>
/// What a test compiles against: .NET with ASP.NET Core and one generation of the MCP SDK, each in the exact closure that restore gave it.
/// </summary>
public static class References
{
    /// <summary>MCP SDK 2.3.1, McpSessions, MassTransit and Polly; the agent, web and RPC frameworks that the registry lacks as stubs.</summary>
    public static ReferenceAssemblies Default { get; } = new(nameof(Default), () => WithStubs(Resolved("Mcp2"), Stubs.Agents));

    /// <summary><see cref="Default"/> without McpSessions.</summary>
    public static ReferenceAssemblies Mcp2 { get; } = new(nameof(Mcp2), () => Without(Default, "McpSessions"));

    /// <summary>MCP SDK 1.4.2.</summary>
    public static ReferenceAssemblies Mcp1 { get; } = new(nameof(Mcp1), () => Resolved("Mcp1"));

    /// <summary>MCP SDK 0.2.0-preview.3: <c>IMcpClient</c> and <c>McpClientFactory</c>.</summary>
    public static ReferenceAssemblies Mcp0 { get; } = new(nameof(Mcp0), () => Resolved("Mcp0"));

    /// <summary>MCP SDK 2.3.1 and McpSessions with Npgsql, SQLite, Dapper and EF Core; SqlClient and MySqlConnector as stubs.</summary>
    public static ReferenceAssemblies Storage { get; } = new(nameof(Storage), () => WithStubs(Resolved("Storage"), Stubs.Storage));

    /// <summary><see cref="Storage"/> without McpSessions.</summary>
    public static ReferenceAssemblies StorageAlone { get; } = new(nameof(StorageAlone), () => Without(Storage, "McpSessions"));

    /// <summary><see cref="Default"/> without any MCP SDK and what needs it.</summary>
    public static ReferenceAssemblies NoMcp { get; } = new(nameof(NoMcp), () => Without(Default, "McpSessions", "ModelContextProtocol"));

    /// <summary><see cref="Mcp2"/> and a second copy of the SDK that defines the same types, 1.4.2 under the extern alias <c>other</c>.</summary>
    public static ReferenceAssemblies TwoCopies { get; } = new(nameof(TwoCopies), () =>
    [
        .. Mcp2.References,
        .. Mcp1.References.Where(reference => Name(reference) == "ModelContextProtocol.Core").Select(reference => reference.WithAliases(["other"])),
    ]);

    /// <summary>No reference at all, not even of .NET: a project whose restore failed.</summary>
    public static ReferenceAssemblies Nothing { get; } = new(nameof(Nothing), () => []);

    /// <summary>The set of that name, for theories.</summary>
    public static ReferenceAssemblies Named(string name) =>
        new[] { Default, Mcp2, Mcp1, Mcp0, NoMcp, TwoCopies, Nothing }.Single(set => set.Name == name);

    private static ImmutableArray<MetadataReference> Resolved(string set)
    {
        var folder = typeof(References).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ReferenceSets").Value!;
        return [.. File.ReadLines(Path.Combine(folder, set, $"{set}.references.txt")).Select(MetadataReferenceCache.Get)];
    }

    private static ImmutableArray<MetadataReference> WithStubs(ImmutableArray<MetadataReference> references, ImmutableArray<string> stubs) =>
        [.. references, .. Stubs.Compile(references, stubs)];

    private static ImmutableArray<MetadataReference> Without(ReferenceAssemblies set, params string[] families) =>
        [.. set.References.Where(reference => !families.Any(family => Name(reference) == family || Name(reference).StartsWith(family + ".", StringComparison.Ordinal)))];

    private static string Name(MetadataReference reference) => Path.GetFileNameWithoutExtension(reference.Display) ?? string.Empty;
}

/// <summary>One reference per file for the whole process: sets share what they have in common.</summary>
internal static class MetadataReferenceCache
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, MetadataReference> Cache = new(StringComparer.Ordinal);

    public static MetadataReference Get(string path) => Cache.GetOrAdd(path, static path => MetadataReference.CreateFromFile(path));
}
