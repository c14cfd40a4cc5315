using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace McpSessionAnalyzers.Package.Tests;

/// <summary>What is in the packages, and what the assemblies in them ask of their host.</summary>
public sealed class LayoutTests(PackedPackages packages)
{
    private const string Slot = "analyzers/dotnet/cs";

    [Fact]
    public void The_analyzer_package_has_one_slot_for_every_host_and_nothing_to_deploy()
    {
        var files = Files(packages.Analyzers);

        Assert.Equal(
            [$"{Slot}/McpSessionAnalyzers.CodeFixes.dll", $"{Slot}/McpSessionAnalyzers.dll"],
            files.Where(file => file.StartsWith("analyzers/", StringComparison.Ordinal)));
        Assert.DoesNotContain(files, file => file.StartsWith("lib/", StringComparison.Ordinal));
    }

    [Fact]
    public void The_analyzer_package_is_a_development_dependency_without_dependencies()
    {
        var nuspec = Nuspec(packages.Analyzers);

        Assert.Equal("true", Value(nuspec, "developmentDependency"));
        Assert.Empty(Elements(nuspec, "dependency"));
    }

    [Fact]
    public void The_runtime_package_lets_the_analyzers_flow_to_whoever_installs_it()
    {
        var dependencies = Elements(Nuspec(packages.Runtime), "dependency")
            .Where(dependency => dependency.Attribute("id")?.Value == "McpSessionAnalyzers")
            .ToList();

        Assert.Equal(2, dependencies.Count);
        Assert.All(dependencies, dependency =>
        {
            Assert.Equal(packages.Version, dependency.Attribute("version")?.Value);
            Assert.DoesNotContain("Analyzers", dependency.Attribute("exclude")?.Value, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_runtime_package_serves_both_supported_frameworks_with_documentation()
    {
        Assert.Equal(
            ["lib/net10.0/McpSessions.dll", "lib/net10.0/McpSessions.xml", "lib/net8.0/McpSessions.dll", "lib/net8.0/McpSessions.xml"],
            Files(packages.Runtime).Where(file => file.StartsWith("lib/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Both_packages_carry_a_readme_that_a_gallery_can_show_and_a_license()
    {
        foreach (var package in new[] { packages.Analyzers, packages.Runtime })
        {
            var nuspec = Nuspec(package);
            Assert.Equal("MIT", Value(nuspec, "license"));
            Assert.DoesNotMatch("<[a-zA-Z/!]", WithoutCode(Read(package, Value(nuspec, "readme")!)));
        }
    }

    [Theory]
    [InlineData("McpSessionAnalyzers.dll")]
    [InlineData("McpSessionAnalyzers.CodeFixes.dll")]
    public void An_assembly_asks_for_nothing_newer_than_the_oldest_supported_host_has(string assembly)
    {
        var references = References(assembly);

        Assert.All(
            references.Where(reference => reference.Name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
            reference => Assert.True(reference.Version <= new Version(4, 5, 0, 0), reference.ToString()));
        Assert.All(
            references.Where(reference => reference.Name == "System.Collections.Immutable"),
            reference => Assert.True(reference.Version <= new Version(6, 0, 0, 0), reference.ToString()));
        // Hosts bring different versions of it, and an export that names it isn't found by all of them.
        Assert.DoesNotContain(references, reference => reference.Name.StartsWith("System.Composition", StringComparison.Ordinal));
    }

    [Fact]
    public void The_analyzers_do_without_workspaces_which_a_command_line_build_has_not()
    {
        Assert.DoesNotContain(References("McpSessionAnalyzers.dll"), reference => reference.Name.Contains("Workspaces", StringComparison.Ordinal));
        Assert.Contains(References("McpSessionAnalyzers.CodeFixes.dll"), reference => reference.Name.Contains("Workspaces", StringComparison.Ordinal));
    }

    private List<(string Name, Version Version)> References(string assembly)
    {
        using var package = ZipFile.OpenRead(packages.Analyzers);
        using var content = new MemoryStream();
        using (var entry = package.GetEntry($"{Slot}/{assembly}")!.Open())
        {
            entry.CopyTo(content);
        }

        content.Position = 0;
        using var portable = new PEReader(content);
        var metadata = portable.GetMetadataReader();
        return [.. metadata.AssemblyReferences
            .Select(metadata.GetAssemblyReference)
            .Select(reference => (metadata.GetString(reference.Name), reference.Version))];
    }

    private static List<string> Files(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)];
    }

    private static XDocument Nuspec(string package) =>
        XDocument.Parse(Read(package, Files(package).Single(file => file.EndsWith(".nuspec", StringComparison.Ordinal))));

    private static string Read(string package, string file)
    {
        using var archive = ZipFile.OpenRead(package);
        using var reader = new StreamReader(archive.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }

    private static IEnumerable<XElement> Elements(XDocument nuspec, string name) =>
        nuspec.Descendants().Where(element => element.Name.LocalName == name);

    private static string? Value(XDocument nuspec, string name) => Elements(nuspec, name).SingleOrDefault()?.Value;

    private static string WithoutCode(string markdown) =>
        string.Concat(markdown.Split('`').Where((_, index) => index % 2 == 0));
}
