"""Run by Blender: a plane called “hero” over a plain background, two frames of a multi-layer EXR with Cryptomatte."""

import sys

import bpy

scene = bpy.context.scene
for thing in list(bpy.data.objects):
    bpy.data.objects.remove(thing)

scene.world = bpy.data.worlds.new("world")
scene.world.use_nodes = True
scene.world.node_tree.nodes["Background"].inputs[0].default_value = (0.5, 0.25, 0.125, 1)

bpy.ops.mesh.primitive_plane_add(size=1)
bpy.context.object.name = "hero"
camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
camera.location = (0, 0, 4)
scene.collection.objects.link(camera)
scene.camera = camera

layer = scene.view_layers[0]
layer.use_pass_z = True
layer.use_pass_cryptomatte_object = True
scene.render.engine = "CYCLES"
scene.cycles.samples = 4
scene.cycles.use_denoising = False
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 32, 24, 100
scene.render.image_settings.file_format = "OPEN_EXR_MULTILAYER"
scene.render.image_settings.color_depth = "32"
scene.frame_start, scene.frame_end = 1001, 1002
scene.render.filepath = sys.argv[sys.argv.index("--") + 1] + "/render."
bpy.ops.render.render(animation=True)
